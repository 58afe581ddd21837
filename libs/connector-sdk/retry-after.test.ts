import { parseRetryAfter } from './retry-after.js';

const NOW = Date.parse('2026-11-25T10:00:00Z');

describe('Retry-After', () => {
  it.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['1.5', 1_500],
    ['Wed, 25 Nov 2026 10:00:30 GMT', 30_000],
    ['Wednesday, 25-Nov-26 10:01:00 GMT', 60_000],
    ['Wed, 25 Nov 2026 09:59:00 GMT', 0],
    ['99999999', 24 * 3_600_000],
    ['soon', null],
    ['-5', null],
    ['2026-11-25', null],
    ['', null],
    [undefined, null],
  ])('%p means %p ms', (value, expected) => expect(parseRetryAfter(value, NOW)).toBe(expected));
});
