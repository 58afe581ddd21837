import { isAsWished } from './is-as-wished.js';

describe('a record is as wished', () => {
  it.each<[string, object, object, boolean]>([
    ['the same, with more beside it', { name: 'A' }, { id: 1, name: 'A' }, true],
    ['another value', { name: 'A' }, { name: 'B' }, false],
    ['another case is another value', { name: 'A' }, { name: 'a' }, false],
    ['a field that cannot be seen', { name: 'A', secret: 'x' }, { name: 'A' }, false],
    ['an empty wish for a field that cannot be seen', { secret: null }, {}, false],
    ['an empty text kept as null', { details: '' }, { details: null }, true],
    ['a wish to empty what is full', { details: null }, { details: 'x' }, false],
    ['what was not wished', { details: undefined }, { details: 'x' }, true],
    ['a number kept as a text', { count: 5 }, { count: '5' }, true],
    ['a list in another order', { tags: ['a', 'b'] }, { tags: ['b', 'a'] }, true],
    ['a longer list', { tags: ['a'] }, { tags: ['a', 'b'] }, false],
    ['a list with another entry', { tags: ['a', 'c'] }, { tags: ['a', 'b'] }, false],
    ['a group of fields, some of them', { more: { tier: 'gold' } }, { more: { tier: 'gold', size: 3 } }, true],
    ['a group of fields, one other', { more: { tier: 'gold' } }, { more: { tier: 'tin' } }, false],
    ['a text for a group', { more: { tier: 'gold' } }, { more: '[object Object]' }, false],
    ['a name that every object has', { constructor: 'x' }, {}, false],
  ])('%s', (_, wished, found, expected) => {
    expect(isAsWished(wished as Record<string, unknown>, found as Record<string, unknown>)).toBe(expected);
  });
});
