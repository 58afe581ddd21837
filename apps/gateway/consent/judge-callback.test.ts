import type { AttemptDocument } from '#store/documents.js';
import { cookieName } from './browser-cookie.js';
import { answeredStateHash, judgeCallback } from './judge-callback.js';
import { hashToken, mintAttemptToken } from './link-token.js';

const ID = 'att_00000000000000000000';
const state = mintAttemptToken(ID);
const COOKIE = 'browser';
const NOW = 1_000_000;

const attempt = (change: Partial<AttemptDocument> = {}): AttemptDocument =>
  ({
    _id: ID,
    status: 'opened',
    expiresAt: NOW + 1,
    stateHash: state.hash,
    cookieHash: hashToken(COOKIE),
    answeredAt: null,
    revision: 1,
    ...change,
  }) as AttemptDocument;

const verdictOf = (
  query: string,
  {
    change,
    cookies = `${cookieName(ID)}=${COOKIE}`,
    issuer = null,
  }: { change?: Partial<AttemptDocument>; cookies?: string | undefined; issuer?: string | null } = {},
) => judgeCallback(attempt(change), { query: new URLSearchParams(query), cookies, now: NOW, issuer });

const good = `state=${state.token}&code=abc`;

test('the first answer of the right browser is taken', () => {
  expect(verdictOf(good)).toEqual({ kind: 'code', code: 'abc' });
});

test('a denial is taken, whatever the app calls it', () => {
  expect(verdictOf(`state=${state.token}&error=access-denied&error_description=no`)).toEqual({
    kind: 'error',
    error: 'access_denied',
  });
  expect(verdictOf(`state=${state.token}&error=server%20error%3C`)).toEqual({ kind: 'error', error: 'server_error_' });
});

test('g23: what the app says beside its error is taken, without what it must not quote', () => {
  const error = (parameters: Record<string, string>) =>
    verdictOf(new URLSearchParams({ state: state.token, ...parameters }).toString());
  expect(error({ error: 'OAUTH_APP_BLOCKED', error_description: 'this app is blocked by\nadmin' })).toEqual({
    kind: 'error',
    error: 'OAUTH_APP_BLOCKED',
    description: 'this app is blocked by admin',
  });
  expect(error({ error: 'access_denied', error_description: 'Needs admin permission' })).toMatchObject({
    error: 'access_denied',
    description: 'Needs admin permission',
  });
  const [, secret = ''] = state.token.split('.');
  const verdict = error({
    error: 'invalid_scope',
    error_description: `not for ${secret}, nor access_token=00Dxx!abcdefgh`,
  });
  expect(verdict).toMatchObject({ description: 'not for [redacted], nor access_token=[redacted]' });
  expect(JSON.stringify(error({ error: 'x', error_description: 'y'.repeat(5_000) })).length).toBeLessThan(400);
});

test('the same callback from the same browser repeats; another code or error is refused', () => {
  const stateHash = answeredStateHash(state.token, { kind: 'code', code: 'abc' });
  for (const status of ['answered', 'closed'] as const) {
    const change = { status, answeredAt: 1, stateHash };
    expect(verdictOf(good, { change })).toEqual({ kind: 'repeat' });
    expect(verdictOf(`state=${state.token}&code=stolen`, { change }).kind).toBe('refused');
    expect(verdictOf(`state=${state.token}&error=abc`, { change }).kind).toBe('refused');
    expect(verdictOf(good, { change, cookies: '' }).kind).toBe('refused');
  }
});

test.each([
  ['another state', `state=${mintAttemptToken(ID).token}&code=abc`, {}],
  ['no state', 'code=abc', {}],
  ['two states', `${good}&state=x`, {}],
  ['two codes', `${good}&code=def`, {}],
  ['code and error', `${good}&error=access_denied`, {}],
  ['neither code nor error', `state=${state.token}`, {}],
  ['another browser', good, { cookies: `${cookieName(ID)}=other` }],
  ['no cookie', good, { cookies: undefined }],
  ['two cookies of that name', good, { cookies: `${cookieName(ID)}=${COOKIE}; ${cookieName(ID)}=${COOKIE}` }],
  [
    'a replay from another browser',
    good,
    { cookies: undefined, change: { status: 'answered' as const, answeredAt: 1 } },
  ],
  ['a late one', good, { change: { expiresAt: NOW } }],
  ['an attempt whose button nobody pressed', good, { change: { status: 'open' as const } }],
  ['an attempt that was closed without an answer', good, { change: { status: 'closed' as const } }],
  ['an attempt without a bound browser', good, { change: { stateHash: null, cookieHash: null } }],
  ['another issuer', `${good}&iss=https://evil.example`, { issuer: 'https://app.example' }],
  ['no issuer where one is promised', good, { issuer: 'https://app.example' }],
])('%s is refused', (_, query, options) => {
  expect(
    verdictOf(query, 'cookies' in options && options.cookies === undefined ? { ...options, cookies: '' } : options)
      .kind,
  ).toBe('refused');
});

test('an error word that quotes the state or a cookie is taken without it', () => {
  const [, secret = ''] = state.token.split('.');
  for (const quoted of [
    state.token,
    secret,
    encodeURIComponent(state.token),
    Buffer.from(secret).toString('base64url'),
  ]) {
    const verdict = verdictOf(new URLSearchParams({ state: state.token, error: `no_${quoted}` }).toString());
    expect(verdict).toMatchObject({ kind: 'error', error: expect.stringContaining('redacted') });
    expect(JSON.stringify(verdict)).not.toContain(secret.slice(0, 20));
  }
  const cookie = 'cookie-value-of-plain-words';
  const verdict = verdictOf(`state=${state.token}&error=no-${cookie}`, {
    change: { cookieHash: hashToken(cookie) },
    cookies: `${cookieName(ID)}=${cookie}`,
  });
  expect(verdict).toEqual({ kind: 'error', error: 'no-_redacted_' });
});
