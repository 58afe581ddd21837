import { cursorOf, readCursor } from './page-cursor.js';

const token = Buffer.from('{"a":1}');

test('a cursor leads back to its token, for the same question only', () => {
  const cursor = cursorOf(token, 'q1')!;
  expect(Buffer.from(readCursor(cursor, 'q1'))).toEqual(token);
  expect(() => readCursor(cursor, 'q2')).toThrow('cursor');
});

test.each(['abcd', 'abcd.', '.', 'abcd.efgh', ''])('%j is refused with its pointer', (cursor) => {
  expect(() => readCursor(cursor, 'q')).toThrow(
    expect.objectContaining({ code: 'request_invalid', options: { pointer: '#/query/cursor' } }),
  );
});

test('the last page has none, the first needs none', () => {
  expect(cursorOf(new Uint8Array(), 'q')).toBeNull();
  expect(cursorOf(null, 'q')).toBeNull();
  expect(readCursor(undefined, 'q')).toHaveLength(0);
});
