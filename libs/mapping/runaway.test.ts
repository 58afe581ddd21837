/** Mappings that would hold the thread or fill the memory: each ends with its reason, and what others wait for comes in between. */
import { evaluateMappings, type MappingInput } from './evaluate.js';
import { parseMapping } from './parse.js';

const records = Array.from({ length: 9_000 }, (_, id) => ({ id, name: `n${id}`, even: id % 2 === 0 }));
const INPUT: MappingInput = {
  trigger: { records, long: 'ab'.repeat(200_000), twice: [...records.slice(0, 3), ...records.slice(0, 3)] },
  steps: {},
  job: { id: 'j', recipeId: 'r' },
};

/** User time of this process for some work, in milliseconds: a busy machine does not count. */
async function cpuOf(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  return process.cpuUsage(before).user / 1000;
}

const nested = (open: string, close: string, times: number): string => `${open.repeat(times)}1${close.repeat(times)}`;

test.each([
  ['parents', `${'a.'.repeat(2_000)}${'%.'.repeat(2_000)}b`],
  ['few parents in a long path', `${'a.'.repeat(4_900)}%.b`],
  ['predicates within each other', nested('a[', ']', 3_000)],
  ['objects within each other', nested('{"a":', '}', 1_600)],
  ['functions within each other', nested('function($a){', '}', 700)],
  ['brackets', nested('(', ')', 4_990)],
  ['a long sum', `${'a&'.repeat(4_999)}a`],
  ['a long choice', `${'1?'.repeat(1_500)}1${':1'.repeat(1_500)}`],
  ['assignments', `(${'$a:='.repeat(2_400)}1)`],
  ['sorts', `a${'^(b)'.repeat(2_400)}`],
  ['joins', `a${'@$b.a'.repeat(1_900)}`],
  ['minus signs', `${'-'.repeat(9_999)}1`],
])('%s: refused before the library reads them, and it does not throw', async (_, expression) => {
  let parsed: unknown;
  expect(await cpuOf(() => (parsed = parseMapping(expression)))).toBeLessThan(1_000);
  expect(parsed).toMatchObject({
    ok: false,
    message: expect.stringMatching(/than|deep/),
    position: expect.any(Number),
  });
  await expect(evaluateMappings({ f: expression }, INPUT)).rejects.toMatchObject({ code: 'mapping_failed' });
});

test('signs within texts, names and comments do not count', () => {
  const quiet = `"${'([{%'.repeat(1_000)}" & trigger.\`${'([{%'.repeat(1_000)}\` /* ${'([{%'.repeat(100)} */`;
  expect(parseMapping(quiet)).toMatchObject({ ok: true });
  expect(parseMapping(`"\\"${'('.repeat(200)}"`)).toMatchObject({ ok: true });
});

test('$distinct of thousands of records is linear, and means what it meant', async () => {
  const fields = {
    all: '$count($distinct(trigger.records))',
    few: '$distinct(trigger.twice).id',
    order: '$count($distinct([{"a":1,"b":2},{"b":2,"a":1},{"a":1}]))',
    lists: '$distinct([[1,2],[2,1],[1,2]])',
    kinds: '$count($distinct([1,"1",true,"true",null,"null"]))',
    single: '$distinct(trigger.twice[id = 1].name)',
    text: '$distinct("x")',
    nothing: '$distinct(trigger.absent)',
  };
  let result: unknown;
  expect(await cpuOf(async () => (result = await evaluateMappings(fields, INPUT)))).toBeLessThan(3_000);
  expect(result).toEqual({
    all: 9_000,
    few: [0, 1, 2],
    order: 2,
    lists: [
      [1, 2],
      [2, 1],
    ],
    kinds: 6,
    single: 'n1',
    text: 'x',
  });
});

test('texts that are made one after the other are counted together', async () => {
  const failure = evaluateMappings(
    { f: '$count($map([1..9999], function($i){ $uppercase($$.trigger.long) }))' },
    INPUT,
  );
  await expect(failure).rejects.toMatchObject({
    code: 'mapping_failed',
    detail: expect.stringMatching(/in all|300 ms/),
  });
});

test('an expression that was held up while the process stood still is evaluated anew', async () => {
  // Date.now leaps as it does over a pause of the process, once.
  const real = Date.now;
  let asked = 0;
  Date.now = () => real() + ((asked += 1) > 3 ? 60_000 : 0);
  try {
    expect(await evaluateMappings({ f: '$join($map([1..50], function($i) { $string($i) }))' }, INPUT)).toEqual({
      f: Array.from({ length: 50 }, (_, index) => index + 1).join(''),
    });
    expect(asked).toBeGreaterThan(50);
  } finally {
    Date.now = real;
  }
});

test('the fields of a step share one limit, and timers come in between', async () => {
  const busy = '($f := function($n) { $n > 100 ? 1 : $f($n + 1) }; $f(0))';
  const fields = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`f${index}`, busy]));
  let ticks = 0;
  const clock = setInterval(() => (ticks += 1), 20);
  const failure = evaluateMappings(fields, INPUT).finally(() => clearInterval(clock));
  await expect(failure).rejects.toMatchObject({ code: 'mapping_failed', detail: expect.stringContaining('2000 ms') });
  expect(ticks).toBeGreaterThan(5);
});
