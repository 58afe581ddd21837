import { evaluateMappings, type MappingInput } from './evaluate.js';
import { parseMapping } from './parse.js';

const INPUT: MappingInput = {
  trigger: { Name: 'Acme', Id: '001', secret: 'kept-to-itself', Tags: ['a', 'b'], Empty: null },
  steps: { 'find it': { id: 7 } },
  job: { id: 'job_1', recipeId: 'rec_1' },
};

describe('parseMapping', () => {
  test.each([
    ['trigger.Name & " " & steps.`find it`.id', ['steps.find it.id', 'trigger.Name']],
    ['$uppercase(trigger.Name)', ['trigger.Name']],
    ['$map(trigger.Tags, function($t) { $t & $$.job.id })', ['job.id', 'trigger.Tags']],
    ['trigger.Owner[Active = true].Name', ['trigger.Owner']],
    ['{"a": trigger.Name, "b": [steps.x.y]}', ['steps.x.y', 'trigger.Name']],
    ['trigger.Name ? "yes" : job.id', ['job.id', 'trigger.Name']],
    ['"constant"', []],
  ])('%s reads %j', (expression, references) => {
    expect(parseMapping(expression)).toEqual({ ok: true, references });
  });

  test.each([
    ['', 'empty'],
    ['trigger.', 'Unexpected end'],
    ['$eval("1")', '$eval'],
    ['($e := $eval; $e("1"))', '$eval'],
    ['$match(trigger.Name, /(a+)+$/)', 'Regular expressions'],
    ['('.repeat(9_000), ''],
    ['1 + '.repeat(5_000), 'longer than'],
  ])('%# is refused', (expression, message) => {
    const parsed = parseMapping(expression);
    expect(parsed).toMatchObject({
      ok: false,
      position: expect.any(Number),
      message: expect.stringContaining(message),
    });
  });
});

describe('evaluateMappings', () => {
  test('computes each field and leaves out what is not there', async () => {
    const fields = {
      name: 'trigger.Name',
      sum: 'steps.`find it`.id + 1',
      absent: 'trigger.Nothing',
      none: 'trigger.Empty',
      tags: 'trigger.Tags',
      tag: 'trigger.Tags[0]',
    };
    const result = await evaluateMappings(fields, INPUT);
    expect(result).toEqual({ name: 'Acme', sum: 8, none: null, tags: ['a', 'b'], tag: 'a' });
  });

  test('a field named __proto__ is a plain field', async () => {
    const result = await evaluateMappings(Object.fromEntries([['__proto__', '"x"']]), INPUT);
    expect(Object.keys(result)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
  });

  test('wrapped builtins still work', async () => {
    const fields = {
      padded: '$pad("7", -3, "0")',
      date: '$fromMillis(0, "[Y0001]-[M01]-[D01]")',
      millis: '$toMillis("1970-01-02")',
      parsed: '$toMillis("02/01/1970", "[D01]/[M01]/[Y0001]")',
      number: '$formatNumber(1234.5, "#,##0.00")',
      joined: '$join(trigger.Tags, "-")',
      now: '$length($now()) > 10',
    };
    expect(await evaluateMappings(fields, INPUT)).toEqual({
      padded: '007',
      date: '1970-01-01',
      millis: 86_400_000,
      parsed: 86_400_000,
      number: '1,234.50',
      joined: 'a-b',
      now: true,
    });
  });

  test.each([
    ['pad bomb', '$pad("x", 500000000)'],
    ['pad bomb through a picture', '$fromMillis(0, "[M,500000000]")'],
    ['pad bomb through $now', '$now("[M,500000000]")'],
    ['catastrophic regular expression', '$contains("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", /(a+)+$/)'],
    ['eval', '$eval("trigger.Name")'],
    ['huge range', '[1..9999999]'],
    ['long list', '$map([1..9000], function($i) { [1..9000] })'],
    ['endless recursion', '($f := function($n) { 1 + $f($n + 1) }; $f(0))'],
    ['endless tail recursion', '($f := function($n) { $f($n + 1) }; $f(0))'],
    ['doubled text', '($f := function($s, $n) { $n = 0 ? $s : $f($s & $s, $n - 1) }; $length($f("xxxxxxxx", 26)))'],
    [
      'doubled object',
      '($f := function($o, $n) { $n = 0 ? $o : $f({"a": $o, "b": $o}, $n - 1) }; $string($f({"x": 1}, 30)))',
    ],
    ['join bomb', '$join($map([1..9000], function($i) { $pad("x", 9999) }), "y")'],
    ['costly date picture', '$toMillis("1111111111111111111111111111111111111111x", "[Y][M][D][H][m][s][f][d][Y]")'],
    ['a function', 'function($x) { $x }'],
    ['a builtin', '$uppercase'],
    ['no number', 'trigger.secret + 1'],
  ])('%s ends as mapping_failed, soon and without values', async (_, expression) => {
    const began = process.cpuUsage();
    const failure = await evaluateMappings({ name: expression }, INPUT).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'mapping_failed', detail: expect.stringContaining('"name"') });
    expect(JSON.stringify([String(failure), (failure as { detail: string }).detail])).not.toContain('kept-to-itself');
    // By the processor's clock, as the guard itself: other processes' turns are not the expression's.
    const { user, system } = process.cpuUsage(began);
    expect((user + system) / 1_000).toBeLessThan(3_000);
  });

  test.each(['__proto__', 'constructor', 'trigger.constructor', 'trigger.__proto__.polluted'])(
    '%s reaches no prototype',
    async (expression) => {
      expect(await evaluateMappings({ name: expression }, INPUT)).toEqual({});
    },
  );
});
