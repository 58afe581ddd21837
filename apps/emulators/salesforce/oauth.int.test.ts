import { createHmac } from 'node:crypto';
import { pkcePair, walkConsent } from '../testing/browser.js';
import {
  redirectUri,
  refreshSalesforce,
  salesforceAdmin,
  salesforceClient,
  salesforceTokens,
  send,
  startForTest,
  type Answer,
  type Running,
} from '../testing/running.js';

let running: Running;
beforeAll(async () => {
  running = await startForTest();
});
afterAll(async () => running.stop());
beforeEach(async () => {
  await running.control('POST', '/reset', { app: 'salesforce' });
});

const login = (): string => running.addresses.salesforceLogin;
const authorize = (params: Record<string, string>): string =>
  `${login()}/services/oauth2/authorize?${new URLSearchParams({ response_type: 'code', client_id: salesforceClient.client_id, redirect_uri: redirectUri, ...params }).toString()}`;
const tokenCall = (form: Record<string, unknown>): Promise<Answer> =>
  send(`${login()}/services/oauth2/token`, { form: { ...salesforceClient, ...form } });
const limits = (tokens: { instance_url?: unknown; access_token?: unknown }): Promise<Answer> =>
  send(`${String(tokens.instance_url)}/services/data/v60.0/limits`, { token: String(tokens.access_token) });

test('the token answer is all strings, with a signature that fits, and has no expires_in', async () => {
  const tokens = await salesforceTokens(running);
  expect(Object.values(tokens).every((value) => typeof value === 'string')).toBe(true);
  expect(tokens).not.toHaveProperty('expires_in');
  expect(tokens.issued_at).toMatch(/^\d{13}$/);
  expect(tokens.access_token).toMatch(/^00D[A-Za-z0-9]{12}!/);
  expect(tokens.instance_url).toBe(running.addresses.salesforceInstance);
  expect(tokens.id).toMatch(new RegExp(`^${login()}/id/00D\\w{15}/005\\w{15}$`));
  const signed = createHmac('sha256', salesforceClient.client_secret)
    .update(`${String(tokens.id)}${String(tokens.issued_at)}`)
    .digest('base64');
  expect(tokens.signature).toBe(signed);
});

test('a denial comes back as access_denied with the state', async () => {
  const back = await walkConsent(authorize({ state: 'a&b' }), { ...salesforceAdmin, decision: 'deny' });
  expect(back.searchParams.get('error')).toBe('access_denied');
  expect(back.searchParams.get('state')).toBe('a&b');
  expect(back.searchParams.has('code')).toBe(false);
});

test('an unregistered redirect address gets an error page, never a redirect', async () => {
  const answer = await send(authorize({ redirect_uri: 'https://evil.example/cb' }));
  expect(answer.status).toBe(400);
  expect(answer.headers.get('location')).toBeNull();
  expect(answer.text).toContain('redirect_uri_mismatch');
});

test('prompt=login asks for the password again', async () => {
  const page = await send(authorize({ prompt: 'login', login_hint: 'second@hawser-dev.example' }));
  expect(page.status).toBe(302);
  const shown = await send(`${login()}${page.headers.get('location') ?? ''}`);
  expect(shown.text).toContain('value="second@hawser-dev.example"');
});

test('PKCE: a wrong verifier is invalid_request, a missing one invalid_grant, and the code is spent', async () => {
  const { verifier, challenge } = pkcePair();
  const code = async (): Promise<string | null> =>
    (await walkConsent(authorize({ code_challenge: challenge }), salesforceAdmin)).searchParams.get('code');
  const wrong = await code();
  const exchange = { grant_type: 'authorization_code', redirect_uri: redirectUri };
  expect(await tokenCall({ ...exchange, code: wrong, code_verifier: 'x'.repeat(43) })).toMatchObject({
    status: 400,
    body: { error: 'invalid_request' },
  });
  expect(await tokenCall({ ...exchange, code: wrong, code_verifier: verifier })).toMatchObject({
    status: 400,
    body: { error: 'invalid_grant', error_description: 'expired authorization code' },
  });
  expect(await tokenCall({ ...exchange, code: await code() })).toMatchObject({
    status: 400,
    body: { error: 'invalid_grant' },
  });
  expect(await tokenCall({ ...exchange, code: await code(), code_verifier: verifier })).toMatchObject({ status: 200 });
});

test('a code lives fifteen minutes and works once', async () => {
  const code = (await walkConsent(authorize({}), salesforceAdmin)).searchParams.get('code');
  const exchange = { grant_type: 'authorization_code', redirect_uri: redirectUri, code };
  await running.control('PATCH', '/salesforce/production/policy', { clockSkewSeconds: 901 });
  expect(await tokenCall(exchange)).toMatchObject({
    status: 400,
    body: { error: 'invalid_grant', error_description: 'expired authorization code' },
  });
  const fresh = (await walkConsent(authorize({}), salesforceAdmin)).searchParams.get('code');
  expect((await tokenCall({ ...exchange, code: fresh })).status).toBe(200);
  expect((await tokenCall({ ...exchange, code: fresh })).body.error).toBe('invalid_grant');
});

test("client errors are 400 with the vendor's words; a JSON body is not read", async () => {
  const form = { grant_type: 'refresh_token', refresh_token: 'x' };
  expect(await tokenCall({ ...form, client_id: 'nobody' })).toMatchObject({
    status: 400,
    body: { error: 'invalid_client_id', error_description: 'client identifier invalid' },
  });
  expect(await tokenCall({ ...form, client_secret: 'wrong' })).toMatchObject({
    status: 400,
    body: { error: 'invalid_client', error_description: 'invalid client credentials' },
  });
  expect(await tokenCall({ ...form })).toMatchObject({
    status: 400,
    body: { error: 'invalid_grant', error_description: 'expired access/refresh token' },
  });
  const json = await send(`${login()}/services/oauth2/token`, { json: { ...form, ...salesforceClient } });
  expect(json).toMatchObject({ status: 400, body: { error: 'unsupported_grant_type' } });
});

test('the token answer comes as JSON, urlencoded or XML; the client may use Basic', async () => {
  const { refresh_token: refreshToken } = await salesforceTokens(running);
  const basic = Buffer.from(`${salesforceClient.client_id}:${salesforceClient.client_secret}`).toString('base64');
  const ask = (form: Record<string, unknown>, accept = '*/*'): Promise<Answer> =>
    send(`${login()}/services/oauth2/token`, {
      form: { grant_type: 'refresh_token', refresh_token: refreshToken, ...form },
      headers: { authorization: `Basic ${basic}`, accept },
    });
  expect((await ask({})).body.token_type).toBe('Bearer');
  expect(new URLSearchParams((await ask({ format: 'urlencoded' })).text).get('token_type')).toBe('Bearer');
  expect((await ask({}, 'application/xml')).text).toContain('<token_type>Bearer</token_type>');
});

test('without rotation a refresh brings no new refresh token and the old access token lives on', async () => {
  const tokens = await salesforceTokens(running);
  const refreshed = await refreshSalesforce(running, tokens.refresh_token);
  expect(refreshed.status).toBe(200);
  expect(refreshed.body).not.toHaveProperty('refresh_token');
  expect((await limits(tokens)).status).toBe(200);
  expect((await refreshSalesforce(running, tokens.refresh_token)).status).toBe(200);
});

test('with rotation the old refresh token is dead, and using it kills the family', async () => {
  await running.control('PATCH', '/salesforce/production/policy', { rotation: true });
  const first = await salesforceTokens(running);
  const second = await refreshSalesforce(running, first.refresh_token);
  expect(second.body.refresh_token).not.toBe(first.refresh_token);
  expect((await limits(second.body)).status).toBe(200);
  expect(await refreshSalesforce(running, first.refresh_token)).toMatchObject({
    status: 400,
    body: { error: 'invalid_grant', error_description: 'expired access/refresh token' },
  });
  expect((await limits(second.body)).status).toBe(401);
  expect((await refreshSalesforce(running, second.body.refresh_token)).status).toBe(400);
});

test('within the grace a rotated refresh token still works', async () => {
  await running.control('PATCH', '/salesforce/production/policy', { rotation: true, graceSeconds: 600 });
  const first = await salesforceTokens(running);
  const second = await refreshSalesforce(running, first.refresh_token);
  expect((await refreshSalesforce(running, first.refresh_token)).status).toBe(200);
  expect((await refreshSalesforce(running, second.body.refresh_token)).status).toBe(200);
});

test('the sixth approval of one user and app silently ends the first', async () => {
  const grants = [];
  for (let i = 0; i < 6; i += 1) grants.push(await salesforceTokens(running));
  expect((await refreshSalesforce(running, grants[0]?.refresh_token)).status).toBe(400);
  expect((await limits(grants[0] ?? {})).status).toBe(401);
  for (const grant of grants.slice(1)) expect((await refreshSalesforce(running, grant.refresh_token)).status).toBe(200);
});

test('revoking an access token leaves the refresh token; revoking that ends both', async () => {
  const tokens = await salesforceTokens(running);
  const revoke = (token: unknown): Promise<Answer> => send(`${login()}/services/oauth2/revoke`, { form: { token } });
  expect(await revoke(tokens.access_token)).toMatchObject({ status: 200, text: '' });
  const refreshed = await refreshSalesforce(running, tokens.refresh_token);
  expect(refreshed.status).toBe(200);
  expect((await revoke(tokens.refresh_token)).status).toBe(200);
  expect((await limits({ ...tokens, ...refreshed.body })).status).toBe(401);
  expect(await revoke(tokens.refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_token' } });
});

test('introspection knows its own tokens only', async () => {
  const tokens = await salesforceTokens(running);
  const ask = (form: Record<string, unknown>): Promise<Answer> =>
    send(`${login()}/services/oauth2/introspect`, { form });
  expect((await ask({ token: tokens.access_token, ...salesforceClient })).body).toMatchObject({
    active: true,
    token_type: 'access_token',
    username: salesforceAdmin.username,
  });
  expect((await ask({ token: tokens.refresh_token, ...salesforceClient })).body).toMatchObject({
    active: true,
    token_type: 'refresh_token',
  });
  await running.control('POST', '/clients', {
    app: 'salesforce',
    clientId: 'other',
    clientSecret: 'other-secret',
    redirectUris: 'any-loopback',
  });
  expect((await ask({ token: tokens.access_token, client_id: 'other', client_secret: 'other-secret' })).body).toEqual({
    active: false,
  });
});

test('the identity services answer 403 in plain text', async () => {
  const tokens = await salesforceTokens(running);
  const id = String(tokens.id);
  expect((await send(id, { token: String(tokens.access_token) })).body).toMatchObject({
    username: salesforceAdmin.username,
    user_type: 'STANDARD',
  });
  expect(await send(id)).toMatchObject({ status: 403, text: 'Missing_OAuth_Token' });
  expect(await send(id, { token: 'nonsense' })).toMatchObject({ status: 403, text: 'Bad_OAuth_Token' });
  expect(await send(id.replace('/id/00D5', '/id/00D6'), { token: String(tokens.access_token) })).toMatchObject({
    status: 403,
    text: 'Wrong_Org',
  });
  const info = await send(`${String(tokens.instance_url)}/services/oauth2/userinfo`, {
    token: String(tokens.access_token),
  });
  expect(info.body.sub).toBe(id);
});

test('a new password ends sessions and grants', async () => {
  const tokens = await salesforceTokens(running);
  await running.control('POST', `/salesforce/production/users/${salesforceAdmin.username}/password`, {
    password: 'new-one',
  });
  expect((await limits(tokens)).status).toBe(401);
  expect((await refreshSalesforce(running, tokens.refresh_token)).body.error).toBe('invalid_grant');
  await expect(salesforceTokens(running)).rejects.toThrow('the login was refused');
});

test('a token of one org is nothing in the other', async () => {
  const tokens = await salesforceTokens(running);
  const other = await send(`${running.addresses.salesforceSandboxLogin}/services/oauth2/token`, {
    form: { grant_type: 'refresh_token', refresh_token: tokens.refresh_token, ...salesforceClient },
  });
  expect(other).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  expect((await limits({ ...tokens, instance_url: running.addresses.salesforceSandboxInstance })).status).toBe(401);
});

test('a refresh token that nobody used for the idle time is dead; each use begins it anew', async () => {
  await running.control('PATCH', '/salesforce/production/policy', { refreshTokenIdleSeconds: 100 });
  const tokens = await salesforceTokens(running);
  for (const clockSkewSeconds of [90, 180]) {
    await running.control('PATCH', '/salesforce/production/policy', { clockSkewSeconds });
    expect((await refreshSalesforce(running, tokens.refresh_token)).status).toBe(200);
  }
  await running.control('PATCH', '/salesforce/production/policy', { clockSkewSeconds: 281 });
  expect((await refreshSalesforce(running, tokens.refresh_token)).body.error).toBe('invalid_grant');
});

test('a session slides only when it is used in the second half of its life', async () => {
  await running.control('PATCH', '/salesforce/production/policy', { accessTokenTtlSeconds: 1_000 });
  const tokens = await salesforceTokens(running);
  const at = async (clockSkewSeconds: number): Promise<number> => {
    await running.control('PATCH', '/salesforce/production/policy', { clockSkewSeconds });
    return (await limits(tokens)).status;
  };
  expect([await at(400), await at(600), await at(1_500), await at(2_600)]).toEqual([200, 200, 200, 401]);
});
