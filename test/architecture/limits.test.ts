/** docs/limits.md names every limit with the value that the code has. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryFiles } from '../support/git.js';

const ROOT = join(__dirname, '..', '..');
const PAGE = 'docs/limits.md';
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface Row {
  limit: string;
  value: string;
  effect: string;
  /** Each place: a file, and a constant, a setting or a piece of its text. */
  places: { file: string; name: string }[];
}

const rows: Row[] = read(PAGE)
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| limit |'))
  .map((line) => {
    const [limit = '', value = '', effect = '', where = ''] = line.slice(2, -2).split(' | ');
    const places: Row['places'] = [];
    let file = '';
    for (const [, token = ''] of where.matchAll(/`([^`]+)`/g)) {
      if (/\.(ts|mjs)$/.test(token)) file = token;
      else places.push({ file, name: token });
    }
    return { limit, value, effect, places };
  });

/** The numbers at a place of the code. */
function numbersAt({ file, name }: Row['places'][number]): number[] {
  const text = read(file);
  if (/^[A-Z_0-9]+\.\w+$/.test(name)) {
    const [object = '', key = ''] = name.split('.');
    const loaded = jest.requireActual<Record<string, Record<string, number>>>(join(ROOT, file));
    return [loaded[object]?.[key] ?? Number.NaN];
  }
  if (name.startsWith('HAWSER_'))
    return [Number(new RegExp(`${name}: .*\\botherwise: ([\\d_]+)`).exec(text)?.[1]?.replaceAll('_', ''))];
  if (/^[A-Z][A-Z_0-9]*$/.test(name)) return [constant(text, file, name)];
  // A piece of the text itself.
  if (!text.includes(name)) return [Number.NaN];
  return [...name.matchAll(/\d[\d_]*/g)].map(([digits]) => Number(digits.replaceAll('_', '')));
}

/** An exported constant is imported, any other is read where it stands. */
function constant(text: string, file: string, name: string): number {
  const [, exported, source = ''] = new RegExp(`^(export )?const ${name}(?:: \\w+)? = ([^;]+);`, 'm').exec(text) ?? [];
  if (/^[\d_ *+()/-]+$/.test(source)) {
    return source
      .replaceAll('_', '')
      .split('*')
      .reduce((product, factor) => product * Number(factor), 1);
  }
  return exported ? (jest.requireActual<Record<string, number>>(join(ROOT, file))[name] ?? Number.NaN) : Number.NaN;
}

const UNITS: [number, string][] = [
  [1, ''],
  [1, ' ms'],
  [1_000, ' s'],
  [60_000, ' minutes'],
  [3_600_000, ' hours?'],
  [86_400_000, ' days'],
  [1_000, ' KB'],
  [1_000_000, ' MB'],
];

/** How a number may be written: by itself, or in a unit that goes into it. */
const writings = (value: number): RegExp[] =>
  UNITS.filter(([size]) => value % size === 0).map(
    ([size, unit]) => new RegExp(`(?<![\\d,.])${(value / size).toLocaleString('en-US')}${unit}(?![\\d,.]\\d|\\d)`),
  );

test('there is something to compare', () => {
  expect(rows.length).toBeGreaterThan(70);
  expect(new Set(rows.map(({ limit }) => limit)).size).toBe(rows.length);
});

test.each(rows.map((row) => [row.limit, row] as const))('%s', (_, { value, effect, places }) => {
  expect(effect).not.toBe('');
  expect(places.length).toBeGreaterThan(0);
  const numbers = places.flatMap(numbersAt);
  const missing = places.filter((place) =>
    numbersAt(place).some((number) => !writings(number).some((writing) => writing.test(value))),
  );
  expect(missing).toEqual([]);
  // And no number on the page that the code does not have.
  const written = [...value.matchAll(/\d[\d,]*/g)].map(([digits]) => digits.replace(/,$/, ''));
  const known = new Set(
    numbers.flatMap((number) =>
      UNITS.map(([size]) => (number / size).toLocaleString('en-US', { maximumFractionDigits: 9 })),
    ),
  );
  expect(written.filter((number) => !known.has(number))).toEqual([]);
});

/** Constants of this form bound something. Those that only pace a repetition, name a size of a machine or mask secrets are no limits. */
const LIMIT_NAME =
  /^(LARGEST|LONGEST|MOST|MAX|DEEPEST)_|_(LIMIT|LIMITS|MAX|LENGTH|AT_ONCE|KEPT|BYTES)$|^(KEPT|CAPACITY|LISTED|REMEMBERED)$/;
const NO_LIMITS = [
  /_MS$/,
  /(TRIES|ROUNDS|PASSES|LEAST_OUTPUT)$/,
  /^libs\/telemetry\//,
  /^apps\/worker\/(doctor|roll|keys|rebuild)\//,
  // As heavy as one value, which stands there; the name of a patch.
  /#(STEP_WEIGHT_LIMIT|LATE_ANSWER_AT_ONCE)$/,
  // Only words and names are cut, or what is forgotten is asked for again.
  /#(MOST_NAMES|DEEPEST|CAPACITY|REMEMBERED|KEPT|MAX_WRITES|OPEN_MAX|LONGEST_SECONDS|IV_BYTES|TAG_BYTES)$/,
];

test('another value would be seen', () => {
  const fits = (value: number, cell: string): boolean => writings(value).some((writing) => writing.test(cell));
  expect([fits(60_000, '60 s'), fits(1_000_000, '1 MB'), fits(600, '600 a minute'), fits(3_600_000, '1 hour')]).toEqual(
    [true, true, true, true],
  );
  expect([fits(6_000, '60 s'), fits(100, '1,000'), fits(100, '100,000'), fits(90_000, '9 s'), fits(2, '2.5')]).toEqual([
    false,
    false,
    false,
    false,
    false,
  ]);
});

test('every constant that bounds something stands on the page', () => {
  const named = new Set(
    rows.flatMap(({ places }) => places.map(({ file, name }) => `${file}#${name.split(/[. =]/)[0]}`)),
  );
  const constants = repositoryFiles()
    .filter(
      (file) =>
        /^(apps|libs|workflows)\/.*\.ts$/.test(file) && !/\.(test|proof)\.ts$|testing\/|^apps\/emulators\//.test(file),
    )
    .flatMap((file) =>
      [...read(file).matchAll(/^(?:export )?const ([A-Z][A-Z_0-9]+)\b/gm)].map(([, name = '']) => `${file}#${name}`),
    );
  const limits = constants.filter((place) => LIMIT_NAME.test(place.split('#')[1] ?? ''));
  expect(limits.length).toBeGreaterThan(40);
  expect(limits.filter((place) => !named.has(place) && !NO_LIMITS.some((no) => no.test(place)))).toEqual([]);
});
