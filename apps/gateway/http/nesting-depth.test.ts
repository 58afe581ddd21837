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
  let highest = 0;
  const huge = new Proxy(Buffer.alloc(900_000, '['), {
    get(target, name) {
      if (typeof name === 'string' && /^\d+$/.test(name)) highest = Math.max(highest, Number(name));
      return Reflect.get(target, name, target) as unknown;
    },
  });
  expect(isNestedDeeperThan(huge, 50)).toBe(true);
  // Counted, not timed: it looks at the 51 brackets that decide and at nothing behind them.
  expect(highest).toBe(50);
});
