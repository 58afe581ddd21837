import { isValidFor } from './valid-for.js';

test('a bit says for which controlling value; what is no base64 says nothing', () => {
  expect([isValidFor('gAAA', 0), isValidFor('gAAA', 1)]).toEqual([true, false]);
  expect(isValidFor('no base64 \u00e9', 0)).toBe(false);
});
