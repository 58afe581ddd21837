import { validForBitmap } from './describe.js';

test('validFor has bit i set, counted from the highest bit of the first byte (saas-apis 2.5)', () => {
  const controlling = ['Router', 'Switch', 'Antenna'].map((value) => ({ value }));
  const bytes = Buffer.from(validForBitmap(controlling, ['Router', 'Antenna']), 'base64');
  const isSet = (i: number): boolean => ((bytes[i >> 3] ?? 0) & (0x80 >> (i & 7))) !== 0;
  expect([0, 1, 2].map(isSet)).toEqual([true, false, true]);
});
