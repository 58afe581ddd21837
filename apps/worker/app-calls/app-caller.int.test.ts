/** The decision table of a call, over a real local server: what is sent how often, and what the job is told. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AppRequest, AppResponse, Classification, Connector } from '#connector-sdk/connector.js';
import { errorClass, HawserError, type ErrorCode } from '#domain/errors.js';
import type { Lease, LeaseYes } from '#domain/lease.js';
import { createHttp } from '#http/create-http.js';
import type { Http } from '#http/http.js';
import { SecretMask } from '#telemetry/secret-mask.js';
import { AppCaller } from './app-caller.js';
import { EnsureFresh } from './ensure-fresh.js';
import { LeaseKeeper } from './lease-keeper.js';
import type { ActorPort } from './ports.js';
import { USED_EVERY_MS, UsedSignals } from './used-signals.js';
import { ANY_ADDRESS } from '../../../test/support/any-address.js';

const REF = { workspaceId: 'ws_1', connectionId: 'con_1' };
type Script = (request: IncomingMessage, response: ServerResponse) => void;

const answer =
  (status: number, body: unknown = {}, headers: Record<string, string> = {}): Script =>
  (_, response) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
const silence: Script = () => undefined;
const hangUp: Script = (request) => void request.socket.destroy();

/** The tiny connector: 401 = refresh me, 429 = refused, 403 = a right is missing, `{"fault": code}` in a 200 = an error all the same. */
function classify(_: AppRequest, { status, json }: AppResponse): Classification {
  const fault = (json as { fault?: ErrorCode } | null)?.fault;
  const error = (code: ErrorCode, refusedBeforeProcessing: boolean, more: object = {}): Classification => ({
    kind: 'error',
    code,
    refusedBeforeProcessing,
    ...more,
  });
  if (status === 200 && fault) return error(fault, false, { appCode: 'FAULT', appMessage: 'fault in a 200' });
  if (status < 300) return { kind: 'ok' };
  if (status === 401) return error('access_token_rejected', true, { appMessage: 'session expired' });
  if (status === 403) return error('right_missing', true, { requirement: 'things:write' });
  if (status === 429) return error('rate_limited', true, { retryAfterMs: 7_000 });
  return error(status >= 500 ? 'app_unavailable' : 'app_rejected_request', false);
}

const connector = {
  manifest: { app: 'test', name: 'Test' },
  authorize: (headers: Record<string, string>, token: string) => ({ ...headers, authorization: `Bearer ${token}` }),
  classify,
} as unknown as Connector;

let server: Server;
let http: Http;
let scripts: Script[];
let seen: { method: string; url: string; token: string; body: string }[];
let origin: string;

beforeAll(async () => {
  http = createHttp({ originMap: [], privateAddresses: ANY_ADDRESS });
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      seen.push({
        method: request.method ?? '',
        url: request.url ?? '',
        token: request.headers.authorization ?? '',
        body,
      });
      (scripts.length > 1 ? scripts.shift()! : scripts[0]!)(request, response);
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await http.close();
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});
beforeEach(() => {
  seen = [];
});

interface World {
  caller: AppCaller;
  state: { lease: Lease; refreshes: string[]; verifies: string[]; used: number[] };
}

const lease = (version: number, change: Partial<LeaseYes> = {}): LeaseYes => ({
  kind: 'yes',
  status: 'connected',
  version,
  grantId: 'g',
  generation: 1,
  app: 'test',
  instanceUrl: origin,
  instanceId: 'i',
  accountId: 'a',
  scopes: ['s'],
  goodUntil: null,
  refreshNotBefore: 0,
  failures: 0,
  trouble: null,
  settings: {},
  ...change,
});

/** An actor that renews from version to version, unless it is told otherwise. */
function makeWorld(
  options: {
    lease?: Lease;
    renew?: (seen: number) => Lease;
    verify?: () => Lease;
    requestMs?: number;
    missing?: boolean;
  } = {},
): World {
  const state: World['state'] = { lease: options.lease ?? lease(1), refreshes: [], verifies: [], used: [] };
  const actor: ActorPort = {
    lease: async () => state.lease,
    status: async () => ({ proofCount: 4 }) as never,
    ensureFresh: async (_, { seenVersion }, updateId) => {
      state.refreshes.push(updateId);
      state.lease = options.renew?.(seenVersion) ?? lease(seenVersion + 1);
      return state.lease;
    },
    verify: async (_, __, updateId) => {
      state.verifies.push(updateId);
      if (options.verify) state.lease = options.verify();
      return { proof: { accepted: state.lease.kind === 'yes' } } as never;
    },
    used: async (_, at) => void state.used.push(at),
  };
  const leases = new LeaseKeeper({
    actor,
    openAccessToken: async (_, version) =>
      options.missing
        ? null
        : { accessToken: `token-${version}`, mask: SecretMask.of(`token-${version}`, `renewal-${version}`) },
  });
  leases.close();
  const caller = new AppCaller({
    actor,
    leases,
    freshness: new EnsureFresh(actor, leases),
    used: new UsedSignals(actor),
    http,
    findConnector: () => connector,
    requestMs: options.requestMs ?? 5_000,
  });
  return { caller, state };
}

async function outcomeOf(
  world: World,
  request: AppRequest,
): Promise<{ code: string; error?: HawserError; mayHaveHappened: boolean; status?: number }> {
  const session = await world.caller.open(REF);
  try {
    const response = await session.context.call(request);
    return { code: 'ok', status: response.status, mayHaveHappened: session.mayHaveHappened() };
  } catch (error) {
    if (!(error instanceof HawserError)) throw error;
    return { code: error.code, error, mayHaveHappened: session.mayHaveHappened() };
  }
}

const GET: AppRequest = { method: 'GET', path: '/things', query: { q: 'a b' } };
const POST: AppRequest = { method: 'POST', path: '/things', json: { name: 'x' } };
const PUT: AppRequest = { method: 'PUT', path: '/things/1', json: { name: 'x' }, idempotent: true };

test.each<[string, AppRequest, Script[], string, number, boolean]>([
  ['a good GET', GET, [answer(200)], 'ok', 1, false],
  ['a good POST', POST, [answer(201)], 'ok', 1, true],
  ['a good idempotent PUT', PUT, [answer(200)], 'ok', 1, true],
  ['401 once on GET', GET, [answer(401), answer(200)], 'ok', 2, false],
  ['401 once on POST', POST, [answer(401), answer(201)], 'ok', 2, true],
  ['401 twice on POST', POST, [answer(401)], 'access_token_rejected', 2, false],
  ['429 on GET', GET, [answer(429)], 'rate_limited', 1, false],
  ['429 on POST', POST, [answer(429)], 'rate_limited', 1, false],
  ['500 on GET', GET, [answer(500)], 'app_unavailable', 1, false],
  ['500 on POST', POST, [answer(500)], 'outcome_unknown', 1, true],
  ['500 on an idempotent PUT', PUT, [answer(500)], 'app_unavailable', 1, true],
  ['429 on an idempotent PUT', PUT, [answer(429)], 'rate_limited', 1, false],
  ['400 on POST', POST, [answer(400)], 'app_rejected_request', 1, false],
  ['403 on POST', POST, [answer(403)], 'right_missing', 1, false],
  ['an error inside of a 200 on GET', GET, [answer(200, { fault: 'record_gone' })], 'record_gone', 1, false],
  [
    'an unclear error inside of a 200 on POST',
    POST,
    [answer(200, { fault: 'app_unavailable' })],
    'outcome_unknown',
    1,
    true,
  ],
  ['the socket closed on GET', GET, [hangUp], 'app_unavailable', 1, false],
  ['the socket closed on POST', POST, [hangUp], 'outcome_unknown', 1, true],
  ['the socket closed on an idempotent PUT', PUT, [hangUp], 'app_unavailable', 1, true],
  ['401, then the socket closed on POST', POST, [answer(401), hangUp], 'outcome_unknown', 2, true],
])('%s', async (_, request, script, code, sends, mayHaveHappened) => {
  scripts = [...script];
  const outcome = await outcomeOf(makeWorld(), request);
  expect({ code: outcome.code, sends: seen.length, mayHaveHappened: outcome.mayHaveHappened }).toEqual({
    code,
    sends,
    mayHaveHappened,
  });
});

test.each<[string, AppRequest, string]>([
  ['POST', POST, 'outcome_unknown'],
  ['GET', GET, 'app_unavailable'],
])('an app that never answers: %s is sent once', async (_, request, code) => {
  scripts = [silence];
  expect((await outcomeOf(makeWorld({ requestMs: 150 }), request)).code).toBe(code);
  expect(seen).toHaveLength(1);
});

test('a refused connection is before the first byte: even a POST may be repeated', async () => {
  const outcome = await outcomeOf(makeWorld({ lease: lease(1, { instanceUrl: 'http://127.0.0.1:1' }) }), POST);
  expect(outcome).toMatchObject({ code: 'app_unavailable', mayHaveHappened: false });
});

test('a resend is built from scratch with the newer token', async () => {
  scripts = [answer(401), answer(200)];
  const world = makeWorld();
  await outcomeOf(world, POST);
  expect(seen.map(({ token, body, url }) => ({ token, body, url }))).toEqual([
    { token: 'Bearer token-1', body: '{"name":"x"}', url: '/things' },
    { token: 'Bearer token-2', body: '{"name":"x"}', url: '/things' },
  ]);
  expect(world.state).toMatchObject({ refreshes: ['ensureFresh:1.0.rejected'], verifies: [] });
});

test('rejected although renewed: one verify, and the text tells what was tried', async () => {
  scripts = [answer(401)];
  const world = makeWorld();
  const { error } = await outcomeOf(world, GET);
  expect(world.state).toMatchObject({ refreshes: ['ensureFresh:1.0.rejected'], verifies: ['verify:4'] });
  expect(error?.detail).toMatch(/sent twice.*renewed \(version 1 to 2\).*verified.*session expired/s);
});

test('the verify proves the loss: the job is told the reason of the connection', async () => {
  scripts = [answer(401)];
  const world = makeWorld({
    verify: () => ({ kind: 'no', status: 'invalid', code: 'credential_rejected', since: 1, app: 'test' }),
  });
  expect((await outcomeOf(world, GET)).code).toBe('credential_rejected');
  expect(seen).toHaveLength(2);
});

test('reconnected between the second refusal and the proof: the step is repeated with the newer credential, not stopped', async () => {
  scripts = [answer(401)];
  const world = makeWorld({ verify: () => lease(7) });
  const { code, error } = await outcomeOf(world, POST);
  expect([code, errorClass(code as ErrorCode)]).toEqual(['temporarily_unavailable', 'retry']);
  expect(error?.detail).toContain('version 7');
  expect(seen).toHaveLength(2);
});

test('the renewal finds a dead grant: nothing is sent again', async () => {
  scripts = [answer(401)];
  const world = makeWorld({
    renew: () => ({ kind: 'no', status: 'invalid', code: 'grant_revoked', since: 1, app: 'test' }),
  });
  expect((await outcomeOf(world, GET)).code).toBe('grant_revoked');
  expect(seen).toHaveLength(1);
});

test('the renewal fails for now: nothing is sent again, and the wait is told', async () => {
  scripts = [answer(401)];
  const world = makeWorld({
    renew: (seenVersion) =>
      lease(seenVersion, { failures: 1, refreshNotBefore: Date.now() + 20_000, trouble: 'token_endpoint_unavailable' }),
  });
  const { code, error } = await outcomeOf(world, GET);
  expect(code).toBe('token_endpoint_unavailable');
  expect(error?.options.retryAfterMs).toBeGreaterThan(10_000);
  expect(seen).toHaveLength(1);
});

test('a version that is too young was verified instead: the request is sent once more', async () => {
  scripts = [answer(401), answer(200)];
  const world = makeWorld({ renew: (seenVersion) => lease(seenVersion) });
  expect((await outcomeOf(world, GET)).code).toBe('ok');
  expect(seen.map(({ token }) => token)).toEqual(['Bearer token-1', 'Bearer token-1']);
});

test('another job has renewed it already: no renewal is asked for', async () => {
  scripts = [answer(401), answer(200)];
  const world = makeWorld();
  const session = await world.caller.open(REF);
  world.state.lease = lease(2);
  await session.context.call(GET);
  expect(world.state.refreshes).toEqual([]);
  expect(seen.map(({ token }) => token)).toEqual(['Bearer token-1', 'Bearer token-2']);
});

test('twenty calls with a rejected token: one renewal', async () => {
  scripts = [
    (request, response) => answer(request.headers.authorization === 'Bearer token-1' ? 401 : 200)(request, response),
  ];
  const world = makeWorld();
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => outcomeOf(world, GET)));
  expect(new Set(outcomes.map(({ code }) => code))).toEqual(new Set(['ok']));
  expect(world.state.refreshes).toEqual(['ensureFresh:1.0.rejected']);
});

describe('before anything is sent', () => {
  test('a token at its end is renewed first', async () => {
    scripts = [answer(200)];
    const world = makeWorld({ lease: lease(1, { goodUntil: Date.now() + 1_000, failures: 2 }) });
    expect((await outcomeOf(world, GET)).code).toBe('ok');
    expect(world.state.refreshes).toEqual(['ensureFresh:1.2']);
    expect(seen.map(({ token }) => token)).toEqual(['Bearer token-2']);
  });

  test('a token in its last seconds is used when no newer one can be had', async () => {
    scripts = [answer(200)];
    const short = lease(1, { goodUntil: Date.now() + 4_000 });
    expect((await outcomeOf(makeWorld({ lease: short, renew: () => short }), GET)).code).toBe('ok');
  });

  test.each<[string, Lease, string]>([
    ['invalid', { kind: 'no', status: 'invalid', code: 'rotation_lost', since: 1, app: 'test' }, 'rotation_lost'],
    [
      'deleted',
      { kind: 'no', status: 'deleted', code: 'connection_deleted', since: 1, app: 'test' },
      'connection_deleted',
    ],
  ])('a connection that is %s: its code, and no call', async (_, no, code) => {
    await expect(makeWorld({ lease: no }).caller.open(REF)).rejects.toMatchObject({ code });
    expect(seen).toEqual([]);
  });

  test('a token that has ended while its endpoint fails: later', async () => {
    const ended = lease(1, { goodUntil: 1, refreshNotBefore: Date.now() + 9_000, trouble: 'client_rejected' });
    await expect(makeWorld({ lease: ended }).caller.open(REF)).rejects.toMatchObject({ code: 'client_rejected' });
  });

  test('a version that the vault lacks is never sent', async () => {
    await expect(makeWorld({ missing: true }).caller.open(REF)).rejects.toMatchObject({ code: 'vault_damaged' });
  });
});

test('the access token goes to its own instance only', async () => {
  scripts = [answer(200)];
  expect((await outcomeOf(makeWorld(), { method: 'GET', path: 'http://127.0.0.1:9/steal' })).code).toBe(
    'address_refused',
  );
  expect((await outcomeOf(makeWorld(), { method: 'GET', path: `${origin}/things` })).code).toBe('ok');
  expect((await outcomeOf(makeWorld(), { method: 'GET', path: '//127.0.0.1:9/steal' })).code).toBe('ok');
  expect(seen.map(({ url }) => url)).toEqual(['/things', '/127.0.0.1:9/steal']);
});

test('use is told at most once in six hours', async () => {
  const told: number[] = [];
  const clock = { now: 5_000 };
  const used = new UsedSignals({ used: async (_, at) => void told.push(at) }, () => clock.now);
  for (let use = 0; use < 100; use += 1) used.note(REF);
  used.note({ ...REF, connectionId: 'con_2' });
  clock.now += USED_EVERY_MS - 1;
  used.note(REF);
  expect(told).toEqual([5_000, 5_000]);
  clock.now += 1;
  used.note(REF);
  expect(told).toHaveLength(3);
});

test('an answer that nests deeper than anybody can write down again is no answer, and ends nothing', async () => {
  const nested =
    (depth: number): Script =>
    (_, response) =>
      void response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(`${'[{"a":'.repeat(depth)}1${'}]'.repeat(depth)}`);
  const jsonOf = async (depth: number): Promise<unknown> => {
    scripts = [nested(depth)];
    const session = await makeWorld().caller.open(REF);
    return (await session.context.call(GET)).json;
  };
  expect(JSON.stringify(await jsonOf(40))).toContain('{"a":1}');
  expect(await jsonOf(60)).toBeNull();
  expect(await jsonOf(50_000)).toBeNull();
});
