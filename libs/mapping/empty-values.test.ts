/** Empty fields and scalars in expressions: apps write null for an empty field. */
import { evaluateMappings, type MappingInput } from './evaluate.js';

const INPUT: MappingInput = {
  trigger: { Site: null, Name: 'Acme', Count: 5, Active: true, Tags: ['a', null, 7, false], Empty: '', Half: 0.1 },
  steps: {},
  job: { id: 'j', recipeId: 'r' },
};
const valueOf = async (expression: string): Promise<unknown> =>
  (await evaluateMappings({ field: expression }, INPUT))['field'];

test.each<[string, unknown]>([
  ['"Site: " & trigger.Site', 'Site: '],
  ['trigger.Site & trigger.Name & trigger.Site', 'Acme'],
  ['trigger.(Name & "/" & Site & ".")', 'Acme/.'],
  ['trigger.(Site) & "x"', 'x'],
  ['(trigger.Active ? trigger.Site : 1) & "x"', 'x'],
  ['null & "x"', 'x'],
  ['trigger.Count & "/" & trigger.Active', '5/true'],
  ['$map([1], function($n) { trigger.Site & $n })', '1'],
  ['$string(trigger.Site) & "."', '.'],
  ['$string(trigger.Tags)', '["a",null,7,false]'],
  ['$join(trigger.Tags, ", ")', 'a, 7, false'],
  ['$uppercase(trigger.Active)', 'TRUE'],
  ['$length(trigger.Count)', 1],
  ['$substring(123456, 0, 3)', '123'],
  ['$contains(trigger.Count, 5)', true],
  ['$pad(trigger.Count, -3, "0")', '005'],
  ['trigger.Count.$uppercase()', '5'],
  ['$string(trigger.Half + 0.2)', '0.3'],
  ['$sum([1, trigger.Site, 2])', 3],
  ['$max([trigger.Site, 2])', 2],
  ['trigger.Site = null', true],
  ['trigger.Site != null', false],
  ['$exists(trigger.Site)', true],
  ['$type(trigger.Site)', 'null'],
  ['trigger.Site ? "yes" : "no"', 'no'],
  ['$not(trigger.Site)', true],
  ['$append([1], null)', [1, null]],
  ['{"a": trigger.Site}', { a: null }],
  ['trigger.Site', null],
  ['$reduce([2, 3], $power)', 8],
])('g28: %s is %j', async (expression, expected) => expect(await valueOf(expression)).toEqual(expected));

test.each([
  '$uppercase(trigger.Site)',
  '$lowercase(trigger.Site)',
  '$trim(trigger.Site)',
  '$length(trigger.Site)',
  '$substring(trigger.Site, 0, 3)',
  '$substringBefore(trigger.Site, "@")',
  '$split(trigger.Site, ",")',
  '$replace(trigger.Site, "a", "b")',
  '$contains(trigger.Site, "a")',
  '$pad(trigger.Site, 5)',
  '$number(trigger.Site)',
  '$round(trigger.Site, 2)',
  '$formatNumber(trigger.Site, "0")',
  '$toMillis(trigger.Site)',
  '$fromMillis(trigger.Site)',
  '$sum(trigger.Site)',
  '$string(trigger.Site)',
  '$base64encode(trigger.Site)',
  'trigger.Site.$uppercase()',
  'trigger.Site ~> $trim',
  'trigger.Site ~> $substring(0, 2)',
  'trigger.Site + 1',
  '-trigger.Site',
  'trigger.Site < 5',
  '[1..trigger.Site]',
])('g28: %s gives nothing, as an absent field does', async (expression) => {
  const value = await valueOf(expression);
  expect(value ?? null).toEqual(expression.startsWith('[') ? [] : null);
});

test.each([
  ['$number(trigger.Empty)', 'empty'],
  ['$toMillis(trigger.Empty)', 'empty'],
  ['$uppercase(trigger.Tags)', 'wrong type'],
  ['$uppercase({"a": 1})', 'wrong type'],
  ['$abs("5")', 'wrong type'],
  ['$sum(["1", 2])', 'no number'],
  ['$join([["a"]])', 'no text'],
])('g28: %s is still refused, by a sentence that names expression and field', async (expression, word) => {
  const failure = (await evaluateMappings({ field: expression }, INPUT).catch((error: unknown) => error)) as Error;
  expect(failure).toMatchObject({ code: 'mapping_failed' });
  for (const named of ['"field"', expression, word]) expect(failure.message).toContain(named);
});
