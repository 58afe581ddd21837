import { readCursor, writeCursor } from './page-cursor.js';

const QUERY = 'HawserWorkspace = "ws_1"';

test('a cursor comes back as the token it was made of', () => {
  const cursor = writeCursor(Buffer.from('token'), QUERY);
  expect(Buffer.from(readCursor(cursor!, QUERY)).toString()).toBe('token');
  expect(writeCursor(new Uint8Array(), QUERY)).toBeNull();
  expect(readCursor(undefined, QUERY)).toHaveLength(0);
});

test.each(['zzz', '', 'dG9rZW4', 'dG9rZW4.AAAAAAAA', '..'])('%p is no cursor of ours', (cursor) => {
  expect(() => readCursor(cursor, QUERY)).toThrow(expect.objectContaining({ code: 'request_invalid' }));
});

test('a cursor of another list is refused', () => {
  const cursor = writeCursor(Buffer.from('token'), 'HawserWorkspace = "ws_2"');
  expect(() => readCursor(cursor!, QUERY)).toThrow(expect.objectContaining({ code: 'request_invalid' }));
});
