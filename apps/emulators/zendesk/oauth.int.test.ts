import { pkcePair, walkConsent } from '../testing/browser.js';
import {
  redirectUri,
  refreshZendesk,
  send,
  startForTest,
  zendeskAdmin,
  zendeskClient,
  zendeskTokens,
  type Answer,
  type Running,
} from '../testing/running.js';

let running: Running;
beforeAll(async () => {
  running = await startForTest();
});
afterAll(async () => running.stop());
beforeEach(async () => {
  await running.control('POST', '/reset', { app: 'zendesk' });
});

const base = (): string => running.addresses.zendesk;
const me = (token: unknown): Promise<Answer> => send(`${base()}/api/v2/users/me.json`, { token: String(token) });

test('the token answer has its lives in seconds; form bodies are taken too', async () => {
  const tokens = await zendeskTokens(running);
  expect(tokens).toEqual({
    access_token: expect.any(String),
    refresh_token: expect.any(String),
    token_type: 'bearer',
    scope: 'read write',
    expires_in: 1800,
    refresh_token_expires_in: 2_592_000,
  });
  const form = {
    grant_type: 'refresh_token',
    refresh_token: tokens.refresh_token,
    expires_in: 300,
    refresh_token_expires_in: 604_800,
    ...zendeskClient,
  };
  expect((await send(`${base()}/oauth/tokens`, { form })).body).toMatchObject({
    expires_in: 300,
    refresh_token_expires_in: 604_800,
  });
});

test('the status of the token answer is an option', async () => {
  const tokens = await zendeskTokens(running);
  await running.control('PATCH', '/zendesk/acme/policy', { tokenStatus: 201 });
  expect((await refreshZendesk(running, tokens.refresh_token)).status).toBe(201);
});

test('a refresh ends both old tokens at once, and the new pair survives their use', async () => {
  const first = await zendeskTokens(running);
  const second = await refreshZendesk(running, first.refresh_token);
  const dead = await me(first.access_token);
  expect(dead).toMatchObject({
    status: 401,
    body: {
      error: 'invalid_token',
      error_description: 'The access token provided is expired, revoked, malformed or invalid for other reasons.',
    },
  });
  expect(dead.headers.get('www-authenticate')).toMatch(
    /^Bearer realm="Zendesk::OAuth Bearer Token Authentication", error="invalid_token"/,
  );
  const again = await refreshZendesk(running, first.refresh_token);
  expect(again).toMatchObject({
    status: 400,
    body: {
      error: 'invalid_grant',
      error_description: expect.stringMatching(/^The provided authorization grant is invalid, expired, revoked,/),
    },
  });
  expect((await me(second.body.access_token)).status).toBe(200);
});

test('a code lives two minutes; a wrong verifier is invalid_grant', async () => {
  const { challenge } = pkcePair();
  const start = (extra: Record<string, string>): string =>
    `${base()}/oauth/authorizations/new?${new URLSearchParams({ response_type: 'code', client_id: zendeskClient.client_id, redirect_uri: redirectUri, scope: 'read', ...extra }).toString()}`;
  const exchange = (code: string | null, extra = {}): Promise<Answer> =>
    send(`${base()}/oauth/tokens`, {
      json: { grant_type: 'authorization_code', code, redirect_uri: redirectUri, ...zendeskClient, ...extra },
    });
  const guarded = await walkConsent(start({ code_challenge: challenge, code_challenge_method: 'S256' }), zendeskAdmin);
  expect((await exchange(guarded.searchParams.get('code'), { code_verifier: 'y'.repeat(50) })).body.error).toBe(
    'invalid_grant',
  );
  const late = await walkConsent(start({}), zendeskAdmin);
  await running.control('PATCH', '/zendesk/acme/policy', { clockSkewSeconds: 121 });
  expect((await exchange(late.searchParams.get('code'))).body.error).toBe('invalid_grant');
  const denied = await walkConsent(start({ state: 's' }), { ...zendeskAdmin, decision: 'deny' });
  expect(denied.searchParams.get('error')).toBe('access_denied');
});

test('client credentials act as the maker of the client and bring no refresh token', async () => {
  const answer = await send(`${base()}/oauth/tokens`, {
    json: { grant_type: 'client_credentials', scope: 'read', ...zendeskClient },
  });
  expect(answer.body).not.toHaveProperty('refresh_token');
  expect((await me(answer.body.access_token)).body.user).toMatchObject({ email: zendeskAdmin.username, role: 'admin' });
  expect(
    (
      await send(`${base()}/oauth/tokens`, {
        json: { grant_type: 'client_credentials', ...zendeskClient, client_secret: 'no' },
      })
    ).status,
  ).toBe(401);
});

test('the current token shows ten characters of itself and can end itself', async () => {
  const tokens = await zendeskTokens(running, zendeskAdmin, 'organizations:write read');
  const url = `${base()}/api/v2/oauth/tokens/current.json`;
  const token = String(tokens.access_token);
  expect((await send(url, { token })).body.token).toMatchObject({
    token: token.slice(0, 10),
    scopes: ['organizations:write', 'read'],
  });
  expect((await send(url, { method: 'DELETE', token })).status).toBe(204);
  expect((await me(token)).status).toBe(401);
  expect((await refreshZendesk(running, tokens.refresh_token)).status).toBe(400);
});

test('wrong Basic credentials: users/me is a guest with 200, everything else 401', async () => {
  const wrong = { authorization: `Basic ${Buffer.from('admin@acme.example/token:wrong').toString('base64')}` };
  const right = {
    authorization: `Basic ${Buffer.from('admin@acme.example/token:hawser-demo-zendesk-api-token').toString('base64')}`,
  };
  expect((await send(`${base()}/api/v2/users/me`, { headers: wrong })).body.user).toMatchObject({
    id: null,
    name: 'Anonymous user',
    role: 'end-user',
  });
  const refused = await send(`${base()}/api/v2/users`, { headers: wrong });
  expect(refused).toMatchObject({ status: 401, body: { error: "Couldn't authenticate you" } });
  expect(refused.headers.get('www-authenticate')).toBe('Basic realm="Web Password"');
  expect((await send(`${base()}/api/v2/users/me`, { headers: right })).body.user.email).toBe('admin@acme.example');
});

test('abilities come beside the user', async () => {
  const tokens = await zendeskTokens(running);
  const answer = await send(`${base()}/api/v2/users/me.json?include=abilities`, { token: String(tokens.access_token) });
  expect(answer.body.abilities).toEqual([expect.objectContaining({ user_id: answer.body.user.id, can_edit: true })]);
});

test('a token without an end has no refresh token', async () => {
  await running.control('PATCH', '/zendesk/acme/policy', { accessTokenTtlSeconds: null });
  const tokens = await zendeskTokens(running);
  expect(tokens.expires_in).toBeNull();
  expect(tokens).not.toHaveProperty('refresh_token');
});
