import { mintId } from '#domain/ids.js';
import { attemptIdOf, hashToken, matchesHash, mintAttemptToken } from './link-token.js';

test('a token names its attempt and matches its hash only', () => {
  const id = mintId('attempt');
  const { token, hash } = mintAttemptToken(id);
  expect(attemptIdOf(token)).toBe(id);
  expect(matchesHash(token, hash)).toBe(true);
  expect(matchesHash(mintAttemptToken(id).token, hash)).toBe(false);
  expect(matchesHash(token, null)).toBe(false);
  expect(matchesHash(token, '')).toBe(false);
  expect(hashToken(token)).not.toContain(token);
});

test.each([
  '',
  'att_x',
  'con_00000000000000000000.aaaa',
  `att_00000000000000000000.${'a'.repeat(42)}`,
  `att_00000000000000000000.${'a'.repeat(43)}.b`,
  '../../x',
])('%s names none', (token) => {
  expect(attemptIdOf(token)).toBeNull();
});
