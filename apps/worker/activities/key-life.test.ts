import { isKeyForgotten } from './key-life.js';

const HOUR = 3_600_000;

test.each<[string, number | undefined, number | undefined, number, boolean]>([
  ['is known just after', 2 * HOUR, 0, 1, false],
  ['is known while a request may still be under way before its end', 2 * HOUR, 0, 2 * HOUR - 121_000, false],
  ['is not counted on near its end', 2 * HOUR, 0, 2 * HOUR - 120_000, true],
  ['is forgotten after its end', 2 * HOUR, 0, 2 * HOUR + 1, true],
  ['is not needed when nothing was sent', 2 * HOUR, undefined, 9 * HOUR, false],
  ['is not needed by what is idempotent by nature', undefined, 0, 9 * HOUR, false],
])('g07: a key %s', (_, life, firstSentAt, now, forgotten) =>
  expect(isKeyForgotten(life, firstSentAt, now)).toBe(forgotten),
);
