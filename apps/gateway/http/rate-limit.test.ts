import { createRateLimit } from './rate-limit.js';

test('callers do not take turns from each other, and a new minute gives new ones', () => {
  const limit = createRateLimit(2);
  expect([limit.take('a', 1000), limit.take('a', 1000), limit.take('b', 1000)]).toEqual([0, 0, 0]);
  expect(limit.take('a', 11_000)).toBeGreaterThan(0);
  expect(limit.take('a', 1000 + 90_000)).toBe(0);
});

test('the time to wait is the rest of the window', () => {
  const limit = createRateLimit(1);
  limit.take('a', 100_000);
  expect(limit.take('a', 120_000)).toBe(40_000);
});
