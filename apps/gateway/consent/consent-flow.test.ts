/** Link, button and callback over HTTP, without Temporal: what is stored, and what is not. */
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AttemptDocument } from '#store/documents.js';
import { zendeskManifest } from '#connectors/zendesk/manifest.js';
import { bornState } from '#workflows/connection/state.js';
import { buildGateway } from '../build-gateway.js';
import { fakeServices, TEST_WORKSPACE, type FakeServices } from '../testing/fake-services.js';
import { mintAttemptToken } from './link-token.js';

const ATTEMPT = 'att_00000000000000000000';
const HOST = { host: '127.0.0.1:3000' };
const link = mintAttemptToken(ATTEMPT);

let fake: FakeServices;
let app: NestFastifyApplication;
beforeEach(async () => {
  fake = fakeServices({ originMap: [{ pattern: /^https:\/\/acme\.zendesk\.com$/, target: 'http://127.0.0.1:4405' }] });
  const state = bornState({
    workspaceId: TEST_WORKSPACE,
    connectionId: 'con_1',
    app: 'zendesk',
    name: 'Acme "Z"',
    settings: { subdomain: 'acme' },
    appClientId: 'cli_1',
    policy: zendeskManifest.policy,
    at: 1,
  });
  Object.assign(fake.services.store.connections, {
    get: async () => ({
      _id: 'con_1',
      workspaceId: TEST_WORKSPACE,
      app: 'zendesk',
      name: 'Acme "Z"',
      createdAt: 1,
      revision: 0,
      generation: 1,
      state: JSON.stringify(state),
      deleted: false,
    }),
  });
  Object.assign(fake.services.store.appClients, {
    get: async () => ({
      _id: 'cli_1',
      workspaceId: TEST_WORKSPACE,
      app: 'zendesk',
      name: 'C',
      clientId: 'client-1',
      sealedSecret: null,
      createdAt: 1,
    }),
  });
  const attempt: AttemptDocument = {
    _id: ATTEMPT,
    workspaceId: TEST_WORKSPACE,
    connectionId: 'con_1',
    app: 'zendesk',
    linkHash: link.hash,
    createdAt: 1,
    expiresAt: Date.now() + 60_000,
    status: 'open',
    revision: 0,
    scopes: ['read', 'write'],
    redirectUri: 'http://127.0.0.1:3000/oauth/callback',
    appClientId: 'cli_1',
    cookieHash: null,
    stateHash: null,
    sealedVerifier: null,
    sealedCode: null,
    answerError: null,
    answeredAt: null,
    end: null,
  };
  fake.attempts.set(ATTEMPT, attempt);
  app = await buildGateway(fake.services);
});
afterEach(() => app.close());

const get = (url: string, headers: Record<string, string> = {}) =>
  app.inject({ method: 'GET', url, headers: { ...HOST, ...headers } });
const press = (headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url: `/connect/${link.token}`,
    headers: { ...HOST, 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: '',
  });

test('opening the link shows who asks, escaped, and writes nothing', async () => {
  const page = await get(`/connect/${link.token}`);
  expect(page.statusCode).toBe(200);
  expect(page.body).toContain('Test &lt;team&gt;');
  expect(page.body).toContain('Acme &quot;Z&quot;');
  expect(page.headers['content-security-policy']).toMatch(/default-src 'none'.*nonce-/);
  expect(fake.writes).toEqual([]);
});

test('an unknown link and a late one lead nowhere', async () => {
  expect((await get(`/connect/${mintAttemptToken(ATTEMPT).token}`)).statusCode).toBe(404);
  expect((await get('/connect/hello')).statusCode).toBe(404);
  fake.attempts.set(ATTEMPT, { ...fake.attempts.get(ATTEMPT)!, expiresAt: 1 });
  expect((await get(`/connect/${link.token}`)).statusCode).toBe(410);
  expect(fake.writes).toEqual([]);
});

test('the button of a foreign page is refused', async () => {
  expect((await press({ origin: 'https://evil.example' })).statusCode).toBe(403);
  expect(fake.writes).toEqual([]);
});

test('a callback before the button is refused and stores nothing', async () => {
  const answer = await get(`/oauth/callback?state=${mintAttemptToken(ATTEMPT).token}&code=abc`);
  expect(answer.statusCode).toBe(400);
  expect(answer.body).toContain('callback_rejected');
  expect((await get('/oauth/callback')).statusCode).toBe(400);
  expect((await get('/oauth/callback?state=x&code=y')).statusCode).toBe(400);
  expect(fake.writes).toEqual([]);
});
