/** Every endpoint of the contract that needs a key, without a good one: the same 401 for all, whatever the path names, and nothing is looked up. */
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ENDPOINTS } from '#contract/endpoints.js';
import { buildGateway } from '../../apps/gateway/build-gateway.js';
import { countPassed } from '../support/count-passed.js';
import { fakeServices, TEST_KEY } from '../../apps/gateway/testing/fake-services.js';

let app: NestFastifyApplication;
const asked: string[] = [];
const { services, failures, writes } = fakeServices({ rateLimit: 100_000 });
beforeAll(async () => {
  const watched = new Proxy(services.store, {
    get(store, noun) {
      if (noun !== 'apiKeys') asked.push(String(noun));
      return Reflect.get(store, noun) as unknown;
    },
  });
  app = await buildGateway(Object.assign(Object.create(services) as typeof services, { store: watched }));
});
afterAll(() => app.close());

const CREDENTIALS: [string, string | undefined][] = [
  ['no key', undefined],
  ['an unknown key', `Bearer hk_${'b'.repeat(43)}`],
  ['a key with one character changed', `Bearer ${TEST_KEY.slice(0, -1)}b`],
  ['a key that is cut', `Bearer ${TEST_KEY.slice(0, -1)}`],
  ['a key in other letters', `Bearer ${TEST_KEY.toUpperCase()}`],
  ['the key as Basic', `Basic ${Buffer.from(`:${TEST_KEY}`).toString('base64')}`],
  ['two keys', `Bearer ${TEST_KEY}, Bearer ${TEST_KEY}`],
  ['a key with a tail', `Bearer ${TEST_KEY}x`],
  ['the hash of a key', `Bearer hk_${'0'.repeat(64)}`],
];

const withKey = ENDPOINTS.filter(({ auth }) => auth === 'key');

const passed = countPassed('no-good-key', withKey.length, { credentials: CREDENTIALS.length });

test('there are such endpoints, and few without a key', () => {
  expect(withKey.length).toBeGreaterThan(25);
  // Whoever opens another endpoint must say so here.
  expect(
    ENDPOINTS.filter(({ auth }) => auth !== 'key')
      .map(({ operationId }) => operationId)
      .sort(),
  ).toMatchInlineSnapshot(`
   [
     "getConnectLink",
     "getLive",
     "getOauthCallback",
     "getReady",
     "postConnectLink",
   ]
  `);
});

test.each(withKey.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const))(
  '%s',
  async (_, { method, path }) => {
    asked.length = 0;
    const bodies = new Set<string>();
    for (const [, authorization] of CREDENTIALS) {
      const headers = {
        host: '127.0.0.1:3000',
        'content-type': 'application/json',
        ...(authorization && { authorization }),
      };
      const answer = await app.inject({
        method: method as 'POST',
        url: path.replace(/:\w+/g, 'x'),
        headers,
        ...(method !== 'GET' && { payload: '{' }),
      });
      expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([401, 'unauthenticated']);
      bodies.add(JSON.stringify({ ...answer.json<object>(), instance: null, detail: null }));
    }
    expect(bodies.size).toBe(1);
    expect({ asked, writes, failures }).toEqual({ asked: [], writes: [], failures: [] });
    passed();
  },
);

test('an API key in the address or in a cookie is no key', async () => {
  for (const [url, headers] of [
    [`/v1/connectors?api_key=${TEST_KEY}&authorization=Bearer%20${TEST_KEY}`, {}],
    ['/v1/connectors', { cookie: `authorization=Bearer ${TEST_KEY}` }],
    ['/v1/connectors', { 'x-api-key': TEST_KEY, 'proxy-authorization': `Bearer ${TEST_KEY}` }],
  ] as const)
    expect((await app.inject({ method: 'GET', url, headers: { host: '127.0.0.1', ...headers } })).statusCode).toBe(401);
});
