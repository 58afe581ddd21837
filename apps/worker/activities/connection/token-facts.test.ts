/** Promise 5: a blank never overwrites. Lifetimes count from the receipt of the answer. */
import type { TokenAnswer } from '#auth/token-answer.js';
import type { Connector } from '#connector-sdk/connector.js';
import { STRICT_POLICY } from '../../../../test/support/connection-states.js';
import { readTokenAnswer } from './token-facts.js';

const RECEIVED = 1_700_000_000_000;
const answerOf = (part: Partial<TokenAnswer> = {}): TokenAnswer => ({
  accessToken: 'new-access',
  refreshToken: null,
  expiresInSeconds: 60,
  refreshExpiresInSeconds: null,
  scopes: null,
  raw: {},
  receivedAt: RECEIVED,
  ...part,
});

function read(
  part: Partial<TokenAnswer>,
  { instanceUrl, policy = STRICT_POLICY, knownRefreshToken = 'old-refresh' as string | null } = {} as {
    instanceUrl?: string;
    policy?: typeof STRICT_POLICY;
    knownRefreshToken?: string | null;
  },
) {
  const connector = {
    manifest: { policy },
    tokenFacts: () => (instanceUrl === undefined ? {} : { instanceUrl }),
  } as unknown as Connector;
  const known = { refreshToken: knownRefreshToken, scopes: ['api'], instanceUrl: 'https://known.example.org' };
  return readTokenAnswer({
    connector,
    frozen: { settings: {}, appClientId: null },
    answer: answerOf(part),
    version: 3,
    grantId: 'att_1',
    known,
    refreshed: true,
  });
}

test('a reply without a refresh token keeps the old one, and its idle time begins anew', () => {
  const { facts, secret } = read({});
  expect(secret).toEqual({ accessToken: 'new-access', refreshToken: 'old-refresh' });
  expect(facts).toMatchObject({
    hasRefreshToken: true,
    refreshExpiresAt: RECEIVED + STRICT_POLICY.refreshTokenIdleMs!,
  });
});

test('a reply with a refresh token brings the new one', () => {
  expect(read({ refreshToken: 'new-refresh' }).secret.refreshToken).toBe('new-refresh');
});

test('silence about scopes and instance keeps what is known', () => {
  expect(read({}).facts).toMatchObject({ scopes: ['api'], instanceUrl: 'https://known.example.org' });
  expect(read({ scopes: ['less'] }, { instanceUrl: 'https://moved.example.org' }).facts).toMatchObject({
    scopes: ['less'],
    instanceUrl: 'https://moved.example.org',
  });
});

test('no refresh token at all is said so, and has no end', () => {
  expect(read({}, { knownRefreshToken: null }).facts).toMatchObject({ hasRefreshToken: false, refreshExpiresAt: null });
});

test.each([
  ['the answer says', 60, 3_600_000, RECEIVED + 60_000],
  ['the connector says', null, 3_600_000, RECEIVED + 3_600_000],
  ['nobody knows', null, null, null],
])('the end of the access token counts from the receipt: %s', (_name, expiresInSeconds, accessTokenLifetimeMs, end) => {
  const { facts } = read({ expiresInSeconds }, { policy: { ...STRICT_POLICY, accessTokenLifetimeMs } });
  expect(facts).toMatchObject({ obtainedAt: RECEIVED, accessExpiresAt: end });
});

test("the answer's own figure for the refresh token wins over the connector's", () => {
  expect(read({ refreshExpiresInSeconds: 10 }).facts.refreshExpiresAt).toBe(RECEIVED + 10_000);
});
