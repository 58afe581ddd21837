import { isNestedDeeperThan } from './nesting-depth.js';

const deeper = (text: string, limit: number) => isNestedDeeperThan(Buffer.from(text), limit);

test.each([
  ['{}', 1, false],
  ['[[]]', 1, true],
  ['[[]]', 2, false],
  ['[[],[],[]]', 2, false],
  ['{"a":"[[[[[["}', 1, false],
  ['{"a\\"[[[":1}', 1, false],
  ['"\\\\"', 0, false],
  ['["\\\\",[[', 2, true],
  ['', 0, false],
])('%s deeper than %i: %s', (text, limit, expected) => {
  expect(deeper(text, limit)).toBe(expected);
});

test('it stops at the first excess', () => {
  const huge = Buffer.alloc(900_000, '[');
  const began = process.hrtime.bigint();
  expect(isNestedDeeperThan(huge, 50)).toBe(true);
  expect(Number(process.hrtime.bigint() - began)).toBeLessThan(5_000_000);
});
