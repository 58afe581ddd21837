/** Requests that are wrong in their method, address, names, client credentials or size. */
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AppClientDocument } from '#store/documents.js';
import { buildGateway } from './build-gateway.js';
import { fakeServices, TEST_KEY } from './testing/fake-services.js';

const HEADERS = { authorization: `Bearer ${TEST_KEY}`, host: '127.0.0.1:3000' };

let app: NestFastifyApplication;
const { services } = fakeServices();
beforeAll(async () => {
  app = await buildGateway(services);
});
afterAll(() => app.close());

const ask = (options: {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  url: string;
  headers?: Record<string, string>;
  payload?: object;
}) => app.inject({ method: 'GET', headers: HEADERS, ...options } as never);
const post = (url: string, payload: object) => ask({ method: 'POST', url, payload });

test.each([
  ['PUT', '/v1/connections', 'GET, HEAD, POST'],
  ['POST', '/v1/connections/con_x', 'DELETE, GET, HEAD, PATCH'],
  ['GET', '/v1/connections/con_x/verify', 'POST'],
  ['DELETE', '/v1/connectors/', 'GET, HEAD'],
  ['OPTIONS', '/v1/jobs?limit=5', 'GET, HEAD'],
  ['PATCH', '/oauth/callback', 'GET, HEAD'],
  ['DELETE', '/connect/x', 'GET, HEAD, POST'],
  ['POST', '/openapi.json', 'GET, HEAD'],
])('g35: %s %s answers 405 with Allow: %s', async (method, url, allow) => {
  const answer = await ask({ method: method as 'GET', url });
  expect([answer.statusCode, answer.headers['allow']]).toEqual([405, allow]);
  expect(answer.json()).toMatchObject({ code: 'method_not_allowed', detail: expect.stringContaining(method) });
  expect(answer.headers['content-type']).toContain('application/problem+json');
});

test('g35: who has no key learns nothing of methods; an unknown path stays 404', async () => {
  expect((await ask({ method: 'DELETE', url: '/v1/connectors', headers: { host: 'localhost' } })).statusCode).toBe(401);
  expect((await ask({ method: 'DELETE', url: '/v1/nothing' })).statusCode).toBe(404);
  expect((await ask({ method: 'HEAD' as 'GET', url: '/v1/connectors' })).statusCode).toBe(200);
});

test.each(['%20', 'a%20', 'a%0Ab'])('g35: a job id with a blank (%s) is no job of ours', async (id) => {
  expect((await ask({ url: `/v1/jobs/${id}` })).json()).toMatchObject({ code: 'not_found', status: 404 });
});

test('g35: a slash at the end is the same resource', async () => {
  for (const url of ['/v1/connectors/', '/v1/connectors//?x=/', '/health/live/', '/v1/connectors/zendesk/'])
    expect([url, (await ask({ url })).statusCode]).toEqual([url, 200]);
  expect((await ask({ url: '/health/live/', headers: { host: 'localhost' } })).statusCode).toBe(200);
  expect((await ask({ url: '/v1/nothing/' })).statusCode).toBe(404);
  expect((await ask({ url: '/' })).statusCode).toBe(404);
});

test.each([
  ['/v1/connections?limit=abc', '#/query/limit', '"abc"'],
  ['/v1/connections?limit=1&limit=2', '#/query/limit', '["1","2"]'],
  ['/v1/jobs?limit=5%00', '#/query/limit', 'U+0000'],
  ['/v1/jobs?status=odd', '#/query/status', 'odd'],
  ['/v1/connections/%00', '#/path/id', 'U+0000'],
])('g35: %s names the value', async (url, pointer, named) => {
  const problem = (await ask({ url })).json<{ pointer: string; detail: string }>();
  expect([problem.pointer, problem.detail]).toEqual([pointer, expect.stringContaining(named)]);
  expect(problem.detail).not.toContain('NaN');
});

test.each([
  ['NUL', 'a\u0000b'],
  ['half a character', 'a\ud83d'],
  ['a line end', 'a\nb'],
  ['a bell', 'a\u0007b'],
  ['a line separator', 'a\u2028b'],
  ['nothing visible', '\u200b\u2060'],
])('g35: a name with %s is refused', async (_, name) => {
  const answer = await post('/v1/connections', { app: 'zendesk', name, settings: { subdomain: 'acme' } });
  expect(answer.json()).toMatchObject({ code: 'request_invalid', pointer: '/name' });
});

test('g35: NUL is refused wherever it stands, in the name of a member too', async () => {
  const body = { app: 'zendesk', name: 'Z', settings: { 'sub\u0000domain': 'acme' } };
  expect((await post('/v1/connections', body)).json()).toMatchObject({
    code: 'request_invalid',
    pointer: '/settings/sub\ufffddomain',
  });
});

test.each([
  ['clientId', ' \n\t', /blanks/],
  ['clientId', 'two words', /blank in it/],
  ['clientId', 'line\nend', /line end/],
  ['clientId', 'zero\u200bwidth', /copy it again/],
  ['clientSecret', '   ', /blanks/],
  ['clientSecret', 'line\r\nend', /line end/],
  ['clientSecret', 'k\u00f6nig', /copy it again/],
])('g32: an app client with %s %j is refused, with what to do', async (field, value, cure) => {
  const body = { app: 'zendesk', name: 'C', clientId: 'id', clientSecret: 'secret', [field]: value };
  const answer = await post('/v1/app-clients', body);
  expect(answer.json()).toMatchObject({
    code: 'request_invalid',
    pointer: `/${field}`,
    detail: expect.stringMatching(cure),
  });
  if (value.trim() !== '') expect(answer.body).not.toContain(value);
});

test('g32: blanks around id and secret are taken off; PATCH gives a new name and secret, no new id', async () => {
  const kept = new Map<string, AppClientDocument>();
  Object.assign(services.store.appClients, {
    insert: async (client: AppClientDocument) => void kept.set(client._id, client),
    get: async (_: string, id: string) => kept.get(id) ?? null,
    change: async (_: string, id: string, change: Partial<AppClientDocument>) =>
      kept.set(id, { ...kept.get(id)!, ...change }),
  });
  const client = { app: 'zendesk', name: 'C', clientId: ' my-id\n', clientSecret: '\tmy secret \r\n' };
  const { id, clientId } = (await post('/v1/app-clients', client)).json<{ id: string; clientId: string }>();
  expect([clientId, kept.get(id)?.sealedSecret]).toEqual(['my-id', expect.stringContaining('"my secret"')]);
  const patch = (payload: object) => ask({ method: 'PATCH', url: `/v1/app-clients/${id}`, payload });
  expect((await patch({ name: 'D', clientSecret: ' rotated\n' })).json()).toMatchObject({
    id,
    name: 'D',
    hasSecret: true,
  });
  expect(kept.get(id)?.sealedSecret).toContain('"rotated"');
  expect((await patch({ name: 'E' })).json()).toMatchObject({ name: 'E', hasSecret: true });
  for (const body of [{}, { clientId: 'other' }, { clientSecret: ' ' }, { app: 'salesforce' }])
    expect((await patch(body)).json()).toMatchObject({ code: 'request_invalid' });
  expect((await ask({ method: 'PATCH', url: '/v1/app-clients/cli_none', payload: { name: 'X' } })).statusCode).toBe(
    404,
  );
});

test('g17: a recipe with 14,000 bindings is refused before anything is looked up, and quickly', async () => {
  const looked = jest.spyOn(services.store.connections, 'get');
  const bindings = Object.fromEntries(
    Array.from({ length: 14_000 }, (_, index) => [`b${index}`, { app: 'zendesk', connectionId: `con_${index}` }]),
  );
  const trigger = { binding: 'b0', operation: 'new_or_updated_account' };
  const steps = [{ id: 'one', binding: 'b0', operation: 'create_ticket' }];
  const began = performance.now();
  const answer = await post('/v1/recipes', { name: 'R', definition: { trigger, steps }, bindings });
  expect(answer.json()).toMatchObject({ code: 'too_large', detail: expect.stringMatching(/1000 entries/) });
  // Milliseconds; it was 13.5 s. The rest is for a machine that does other things.
  expect(performance.now() - began).toBeLessThan(1_000);
  const fewer = Object.fromEntries(Object.entries(bindings).slice(0, 500));
  expect(
    (await post('/v1/recipes', { name: 'R', definition: { trigger, steps }, bindings: fewer })).json(),
  ).toMatchObject({
    code: 'request_invalid',
    pointer: '/bindings',
  });
  expect(looked).not.toHaveBeenCalled();
});

test('g17: while the costliest recipe is read, others are answered', async () => {
  const costly = 'a.'.repeat(999) + 'a';
  const input = Object.fromEntries(
    ['subject', 'comment', 'priority', 'organization_id', 'requester_id', 'external_id', 'tags'].map((name) => [
      name,
      costly,
    ]),
  );
  const trigger = { binding: 'salesforce', operation: 'new_or_updated_account' };
  const steps = Array.from({ length: 14 }, (_, index) => ({
    id: `s${index}`,
    binding: 'zendesk',
    operation: 'create_ticket',
    input,
  }));
  const bindings = { salesforce: { app: 'salesforce' }, zendesk: { app: 'zendesk' } };
  let turns = 0;
  const others = setInterval(() => (turns += 1), 1);
  const answer = await post('/v1/recipes', { name: 'R', definition: { trigger, steps }, bindings });
  clearInterval(others);
  expect(answer.json()).toMatchObject({ code: 'request_invalid', pointer: '/definition/steps/0/input/subject' });
  expect(turns).toBeGreaterThan(10);
});
