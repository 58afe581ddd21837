import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { buildGateway } from './build-gateway.js';
import { fakeServices, TEST_KEY } from './testing/fake-services.js';

const HEADERS = { authorization: `Bearer ${TEST_KEY}`, host: '127.0.0.1:3000' };

describe('the gateway refuses bad requests with a problem document', () => {
  let app: NestFastifyApplication;
  beforeAll(async () => {
    app = await buildGateway(fakeServices().services);
  });
  afterAll(() => app.close());

  const ask = (options: {
    method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
    url: string;
    headers?: Record<string, string>;
    payload?: string | Buffer | object;
  }) => app.inject({ method: 'GET', headers: HEADERS, ...options } as never);
  const post = (url: string, payload: string | Buffer | object, type = 'application/json') =>
    ask({ method: 'POST', url, payload, headers: { ...HEADERS, 'content-type': type } });

  test.each(['/v1/connectors', '/v1/nothing', '/', '/health/other'])('%s without a key answers 401', async (url) => {
    const answer = await ask({ url, headers: { host: 'localhost' } });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.headers['www-authenticate']).toContain('Bearer');
    expect(answer.json()).toMatchObject({
      code: 'unauthenticated',
      status: 401,
      type: 'urn:hawser:problem:unauthenticated',
    });
  });

  test('`/` is a page for a browser; whoever asks for JSON, or for anything, gets what every unknown path gives', async () => {
    const browser = { host: 'localhost', accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };
    for (const url of ['/', '/?x=1']) {
      const page = await ask({ url, headers: browser });
      expect(page.statusCode).toBe(200);
      expect(page.headers['content-type']).toContain('text/html');
      expect(page.headers['content-security-policy']).toContain("default-src 'none'");
      expect(page.body).toContain('href="/docs"');
    }
    for (const accept of ['application/json', '*/*', 'application/json, text/html'])
      expect((await ask({ url: '/', headers: { host: 'localhost', accept } })).statusCode).toBe(401);
    expect((await ask({ url: '/v1/jobs', headers: browser })).statusCode).toBe(401);
    expect((await ask({ url: '/', headers: { ...browser, host: 'evil.example' } })).statusCode).toBe(421);
  });

  test('a wrong key and a malformed one answer 401', async () => {
    for (const key of [`hk_${'b'.repeat(43)}`, 'hk_short', 'x']) {
      expect(
        (await ask({ url: '/v1/connectors', headers: { host: 'localhost', authorization: `Bearer ${key}` } }))
          .statusCode,
      ).toBe(401);
    }
  });

  test('a foreign Host answers 421, before the key is looked at', async () => {
    const answer = await ask({ url: '/health/live', headers: { host: 'evil.example' } });
    expect(answer.statusCode).toBe(421);
    expect(answer.json()).toMatchObject({ code: 'host_refused' });
  });

  test('an unknown path with a key answers 404', async () => {
    expect((await ask({ url: '/v1/nothing' })).json()).toMatchObject({ code: 'not_found', status: 404 });
  });

  test('a malformed URL answers 400', async () => {
    expect((await ask({ url: '/v1/connections/%E0%A4%A' })).json()).toMatchObject({
      code: 'request_invalid',
      status: 400,
    });
  });

  test('a body that is no JSON answers 400', async () => {
    for (const body of ['{"app":', 'app=zendesk', '[1,]'])
      expect((await post('/v1/connections', body)).json()).toMatchObject({ code: 'request_invalid', status: 400 });
  });

  test('another content type answers 400', async () => {
    expect((await post('/v1/connections', '<x/>', 'text/xml')).json()).toMatchObject({ code: 'request_invalid' });
    expect((await post('/v1/connections', 'app=zendesk', 'application/x-www-form-urlencoded')).json()).toMatchObject({
      code: 'request_invalid',
    });
  });

  test('keys that would change a prototype answer 400', async () => {
    expect((await post('/v1/connections', '{"app":"zendesk","name":"x","__proto__":{"a":1}}')).json()).toMatchObject({
      code: 'request_invalid',
    });
  });

  test('2 MB answer 413', async () => {
    const answer = await post('/v1/connections', `{"name":"${'x'.repeat(2_000_000)}"}`);
    expect(answer.json()).toMatchObject({ code: 'too_large', status: 413 });
  });

  test('10,000 levels answer 413 without parsing', async () => {
    const answer = await post('/v1/connections', `${'['.repeat(10_000)}${']'.repeat(10_000)}`);
    expect(answer.json()).toMatchObject({ code: 'too_large', status: 413 });
  });

  test('an unknown field answers 400 and is named', async () => {
    const answer = await post('/v1/connections', { app: 'zendesk', name: 'Z', subdomain: 'acme' });
    expect(answer.json()).toMatchObject({
      code: 'request_invalid',
      pointer: '/subdomain',
      detail: 'Unknown field "subdomain".',
    });
  });

  test('a missing and an ill-typed field answer 400 and are both named', async () => {
    const answer = await post('/v1/connections', { app: 7 });
    expect(answer.statusCode).toBe(400);
    expect(
      answer
        .json<{ errors: { pointer: string }[] }>()
        .errors.map(({ pointer }) => pointer)
        .sort(),
    ).toEqual(['/app', '/name']);
  });

  test('an unknown app answers 400 at its field', async () => {
    expect((await post('/v1/connections', { app: 'nonesuch', name: 'N' })).json()).toMatchObject({
      code: 'request_invalid',
      pointer: '/app',
    });
  });

  test('a wrong setting answers 400 at its field', async () => {
    const answer = await post('/v1/connections', {
      app: 'zendesk',
      name: 'Z',
      settings: { subdomain: 'https://acme.zendesk.com' },
    });
    expect(answer.json()).toMatchObject({ code: 'request_invalid', pointer: '/settings/subdomain' });
  });

  test('a wrong query parameter answers 400 and is named', async () => {
    expect((await ask({ url: '/v1/connections?limit=0' })).json()).toMatchObject({
      code: 'request_invalid',
      pointer: '#/query/limit',
    });
    expect((await ask({ url: '/v1/connections?colour=red' })).json()).toMatchObject({
      code: 'request_invalid',
      pointer: '#/query/colour',
    });
  });

  test('ids that are not of this workspace answer 404, whatever is asked', async () => {
    const id = 'con_othersothersothers00';
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['GET', '/usage'],
      ['POST', '/authorize'],
      ['POST', '/verify'],
      ['POST', '/refresh'],
      ['POST', '/disconnect'],
      ['GET', '/metadata/objects'],
    ] as const) {
      const answer = await ask({ method, url: `/v1/connections/${id}${path}` });
      expect([method, path, answer.statusCode]).toEqual([method, path, 404]);
      expect(answer.json()).toMatchObject({ code: 'not_found' });
    }
    for (const url of ['/v1/recipes/rec_x', '/v1/recipes/rec_x/connections', '/v1/app-clients/cli_x'])
      expect((await ask({ url })).statusCode).toBe(404);
    expect((await ask({ url: `/v1/jobs/${encodeURIComponent('x/../ws_other/job_1')}` })).statusCode).toBe(404);
  });

  test('a recipe that is unsound answers 400 with every fault', async () => {
    const answer = await post('/v1/recipes', {
      name: 'R',
      definition: {
        trigger: { binding: 'salesforce', operation: 'new_or_updated_account' },
        steps: [{ id: 'one', binding: 'zendesk', operation: 'create_ticket', input: { subject: '$uppercase(' } }],
      },
      bindings: {},
    });
    const pointers = answer.json<{ errors: { pointer: string }[] }>().errors.map(({ pointer }) => pointer);
    expect(pointers).toEqual(
      expect.arrayContaining(['/bindings', '/definition/trigger/binding', '/definition/steps/0/binding']),
    );
  });

  test('a failure of ours says nothing but its id', async () => {
    const answer = await ask({ url: '/v1/connections' });
    expect(answer.statusCode).toBe(200);
    const ready = await ask({ url: '/health/ready', headers: { host: 'localhost' } });
    expect(ready.json()).toMatchObject({ code: 'temporarily_unavailable', detail: 'Temporal does not answer.' });
    expect(ready.headers['retry-after']).toBe('2');
  });
});

describe('what answers without a key', () => {
  let app: NestFastifyApplication;
  beforeAll(async () => {
    app = await buildGateway(fakeServices().services);
  });
  afterAll(() => app.close());
  const open = (url: string) => app.inject({ method: 'GET', url, headers: { host: 'localhost:3000' } });

  test('health, documents and their files', async () => {
    expect((await open('/health/live')).json()).toEqual({ status: 'ok' });
    expect((await open('/openapi.json')).json()).toMatchObject({ openapi: '3.1.0' });
    const docs = await open('/docs');
    expect(docs.statusCode).toBe(200);
    expect(docs.headers['content-security-policy']).toContain("default-src 'self'");
    expect((await open('/docs/swagger-ui-bundle.js')).statusCode).toBe(200);
  });

  test('every answer carries headers that forbid a browser to make a page of it', async () => {
    const { headers } = await open('/health/live');
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
  });

  test('a connector can be read with a key, and undeclared members of its manifest stay here', async () => {
    const answer = await app.inject({ method: 'GET', url: '/v1/connectors/zendesk', headers: HEADERS });
    expect(answer.json()).toMatchObject({ app: 'zendesk', authType: 'oauth2_authorization_code' });
    expect(answer.json()).not.toHaveProperty('policy');
  });
});

describe('the rate limit', () => {
  test('the next request after the limit answers 429 with Retry-After', async () => {
    const app = await buildGateway(fakeServices({ rateLimit: 2 }).services);
    try {
      const ask = () => app.inject({ method: 'GET', url: '/v1/connectors', headers: HEADERS });
      expect((await ask()).statusCode).toBe(200);
      expect((await ask()).statusCode).toBe(200);
      const third = await ask();
      expect(third.json()).toMatchObject({ code: 'too_many_requests', status: 429 });
      expect(Number(third.headers['retry-after'])).toBeGreaterThan(0);
    } finally {
      await app.close();
    }
  });

  test('g16: pages and honest callers have turns that made-up keys cannot take', async () => {
    const app = await buildGateway(fakeServices({ rateLimit: 20 }).services);
    try {
      const ask = (url: string, headers: Record<string, string>) => app.inject({ method: 'GET', url, headers });
      const host = { host: '127.0.0.1' };
      const statuses = new Set<number>();
      for (let index = 0; index < 300; index += 1) {
        const authorization = `Bearer hk_${String(index).padStart(43, 'x')}`;
        statuses.add((await ask('/v1/connectors', { ...host, authorization })).statusCode);
      }
      expect([...statuses]).toEqual([401, 429]);
      expect((await ask('/v1/connectors', host)).statusCode).toBe(429);
      expect((await ask('/v1/connectors', HEADERS)).statusCode).toBe(200);
      expect((await ask('/connect/nonesuch', host)).statusCode).toBe(404);
      expect((await ask('/oauth/callback?code=x&state=y', host)).statusCode).toBe(400);
    } finally {
      await app.close();
    }
  });

  test.each([
    [[], [401, 401, 429, 429]],
    [['127.0.0.1'], [401, 401, 401, 401]],
  ])('g16: with trusted proxies %j, four callers by X-Forwarded-For get %j', async (trustedProxies, expected) => {
    const app = await buildGateway(fakeServices({ rateLimit: 2, trustedProxies }).services);
    try {
      const statuses: number[] = [];
      for (const caller of ['9.9.9.1', '9.9.9.2', '9.9.9.3', '9.9.9.4']) {
        const headers = { host: '127.0.0.1', 'x-forwarded-for': caller };
        statuses.push((await app.inject({ method: 'GET', url: '/v1/connectors', headers })).statusCode);
      }
      expect(statuses).toEqual(expected);
    } finally {
      await app.close();
    }
  });
});
