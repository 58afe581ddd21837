import { z } from 'zod';
import { jsonOf, mapOf } from './bounded.js';
import { RecipeInputSchema } from './recipes/recipe-shape.js';

test('g17: a map and a JSON value are refused beyond their bound', () => {
  const map = mapOf(z.string().max(5), z.string().max(5), 2);
  expect(map.safeParse({ a: '1', b: '2' }).success).toBe(true);
  expect(map.safeParse({ a: '1', b: '2', c: '3' }).success).toBe(false);
  const json = jsonOf(10);
  expect(json.safeParse('12345678').success).toBe(true);
  expect(json.safeParse({ a: ['12345678'] }).success).toBe(false);
});

const word = (index: number): string => `w${index}`;
const recipe = (bindings: number, steps: number, fields: number, expression = 'trigger.Id') => ({
  name: 'R',
  definition: {
    trigger: { binding: 'w0', operation: 't' },
    steps: Array.from({ length: steps }, (_, index) => ({
      id: word(index),
      binding: 'w0',
      operation: 'x',
      input: Object.fromEntries(Array.from({ length: fields }, (__, field) => [word(field), expression])),
    })),
  },
  bindings: Object.fromEntries(Array.from({ length: bindings }, (_, index) => [word(index), { app: 'zendesk' }])),
});

test.each([
  ['bindings', recipe(101, 1, 1), ['bindings']],
  ['steps', recipe(1, 101, 1), ['definition', 'steps']],
  ['fields of a step', recipe(1, 1, 501), ['definition', 'steps', 0, 'input']],
  ['characters of all mappings', recipe(1, 21, 1, 'x'.repeat(10_000)), ['definition', 'steps']],
])('g17: a recipe with too many %s is refused at that place', (_, body, path) => {
  const { success, error } = RecipeInputSchema.safeParse(body);
  expect([success, error?.issues.map((issue) => issue.path)]).toEqual([false, [path]]);
});

test('g17: a recipe at its bounds is accepted', () => {
  expect(RecipeInputSchema.safeParse(recipe(100, 100, 100)).success).toBe(true);
});
