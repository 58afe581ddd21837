/** JSON that no reader expects: values of every wrong kind, and valid documents with one thing wrong. As text: 1e400 and double keys have no value. */
import fc from 'fast-check';

/** Words that mean something to JavaScript objects, and nothing to us. */
export const OBJECT_WORDS = ['constructor', '__proto__', 'hasOwnProperty', 'toString', 'valueOf', 'prototype'];

const nested = (open: string, close: string, depth: number): string => `${open.repeat(depth)}1${close.repeat(depth)}`;
const DEEP = 100_000;

/** Numbers at and beyond every limit: of durations, of dates, of integers, of floats. */
export const hostileNumber: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '0',
    '-0',
    '-1',
    '1e-7',
    '0.5',
    '1e9',
    '1764400000',
    '1764400000000',
    '253402300800',
    '253402300800000',
    '8.64e15',
    '8.65e15',
    '1e21',
    '1e300',
    '1e308',
    '1e400',
    '-1e400',
    '9007199254740993',
  ),
  fc.bigInt({ min: 0n, max: 10n ** 40n }).map(String),
  fc.double({ noNaN: true }).map((number) => JSON.stringify(number)),
);

/** A value where another was expected. */
export const hostileValue: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.constantFrom(
      'null',
      'true',
      'false',
      '0',
      '-0',
      '-1',
      '1',
      '3600',
      '1e400',
      '-1e400',
      '1e308',
      '8.64e15',
      '99999999999999999999',
      '9007199254740993',
      '0.1',
      '""',
      '" "',
      '"\\u0000"',
      '"\\ud800"',
      '"\\uffff"',
      '"a\\nb: c"',
      '"\\r\\nx: y"',
      '[]',
      '{}',
      '[[]]',
      '[null]',
      '["a"]',
      '"NaN"',
      '"Infinity"',
      '"-1"',
      '"0x10"',
      '"1e400"',
      '"2026-13-45T99:99:99Z"',
      '"+275760-09-13T00:00:00.000Z"',
      '"javascript:alert(1)"',
      '"https://evil.example/x"',
      '"http://169.254.169.254/"',
      '"http://["',
      '"//evil.example"',
      '"../../x"',
      '"\ufeff"',
      '"💥"',
    ),
  },
  { weight: 2, arbitrary: fc.constantFrom(...OBJECT_WORDS).map((word) => JSON.stringify(word)) },
  { weight: 1, arbitrary: fc.constantFrom(...OBJECT_WORDS).map((word) => `{"${word}":{"x":1}}`) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1_000, max: 120_000 }).map((length) => JSON.stringify('x'.repeat(length))),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      nested('[', ']', 2_000),
      nested('{"a":', '}', 2_000),
      nested('[', ']', DEEP),
      nested('{"a":', '}', DEEP),
    ),
  },
  { weight: 2, arbitrary: hostileNumber },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 5_000 }).map((length) => `[${'"s",'.repeat(length)}"e"]`) },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value)) },
);

const HOLE = '@@hole@@';

/** The places of a document, each with a way to put something there or to take it away. */
function placesOf(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  const inner = Array.isArray(value)
    ? value.flatMap((item, index) => placesOf(item, [...path, index]))
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, item]) => placesOf(item, [...path, key]))
      : [];
  return [path, ...inner];
}

function changedAt(
  document: unknown,
  path: (string | number)[],
  change: (holder: any, key: string | number) => void,
): unknown {
  const root = { root: structuredClone(document) };
  let holder: any = root;
  let key: string | number = 'root';
  for (const step of path) {
    holder = holder[key];
    key = step;
  }
  change(holder, key);
  return root.root;
}

/** A valid document with one thing wrong: a value of another kind, a field that is missing, one too many, or one twice. */
export function almost(document: unknown): fc.Arbitrary<string> {
  const places = placesOf(document);
  return fc
    .record({
      place: fc.nat(places.length - 1),
      value: hostileValue,
      how: fc.constantFrom('replace', 'replace', 'replace', 'replace', 'remove', 'add', 'double'),
      word: fc.constantFrom(...OBJECT_WORDS, 'error', 'errors', 'success', 'x'),
    })
    .map(({ place, value, how, word }) => {
      const path = places[place]!;
      if (how === 'remove' && path.length > 0) {
        return JSON.stringify(
          changedAt(document, path, (holder, key) =>
            Array.isArray(holder) ? holder.splice(Number(key), 1) : delete holder[key],
          ),
        );
      }
      const holed = JSON.stringify(changedAt(document, path, (holder, key) => (holder[key] = HOLE)));
      if (how === 'replace') return holed.replace(`"${HOLE}"`, () => value);
      // An object gets one more field at its end; what is no object is replaced.
      const whole = JSON.stringify(path.reduce<any>((at, step) => at?.[step], document));
      const more = whole.startsWith('{') ? addField(whole, how === 'double' ? firstKey(whole) : word, value) : value;
      return holed.replace(`"${HOLE}"`, () => more);
    });
}

const firstKey = (object: string): string => Object.keys(JSON.parse(object) as object)[0] ?? 'x';

function addField(object: string, name: string, value: string): string {
  const field = `${JSON.stringify(name)}:${value}`;
  return object === '{}' ? `{${field}}` : `${object.slice(0, -1)},${field}}`;
}
