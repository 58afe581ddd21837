/** AS-14: an app that says "expired" with status 200: refresh and one resend; another error in a 200: no refresh; never taken as data. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseOriginMap } from '#domain/origin-map.js';
import { createHttp } from '#http/create-http.js';
import type { Http } from '#http/http.js';
import { createLogger } from '#telemetry/logger.js';
import { createAppCalls, type AppCalls } from '../../apps/worker/app-calls/create-app-calls.js';
import { readWorkerConfig } from '../../apps/worker/config/worker-config.js';
import { openWorkerDeps, type WorkerDeps } from '../../apps/worker/worker-deps.js';
import { actorOf } from '../support/actor.js';
import { connected, ZENDESK_ADMIN } from '../support/connect.js';
import { detectConnector } from '../support/detect-connector.js';
import { borrowHawser } from '../support/borrow-hawser.js';
import type { BorrowedHawser } from '../support/start-hawser.js';
import { untilOld } from '../support/until-old.js';
import { ANY_ADDRESS } from '../support/any-address.js';

let hawser: BorrowedHawser;
let deps: WorkerDeps;
let calls: AppCalls;
let http: Http;
let app: Server;
/** What the app answers; it sees the access token. */
let answer: (token: string) => object;
let seen: string[] = [];
let id: string;
let workspaceId: string;
beforeAll(async () => {
  hawser = await borrowHawser();
  app = createServer((request, response) => {
    const token = request.headers.authorization ?? '';
    seen.push(token);
    request
      .resume()
      .on('end', () =>
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer(token))),
      );
  });
  await new Promise<void>((ready) => app.listen(0, '127.0.0.1', ready));
  // The instance's host leads to this app for the calls of this file; the actor's calls go to the emulator.
  http = createHttp({
    originMap: parseOriginMap(
      JSON.stringify({ 'https://*.zendesk.com': `http://127.0.0.1:${(app.address() as AddressInfo).port}` }),
    ),
    privateAddresses: ANY_ADDRESS,
  });
  deps = await openWorkerDeps(readWorkerConfig(hawser.env), createLogger({ service: 'test' }));
  calls = createAppCalls({ ...deps, http, connectors: { zendesk: detectConnector } });
  id = await connected(hawser.api, 'zendesk', ZENDESK_ADMIN);
  [, workspaceId = ''] = (await actorOf(deps.client, id)).workflowId.split('/');
}, 180_000);
afterAll(async () => {
  calls?.close();
  await deps?.close();
  await http?.close();
  app?.close();
  await hawser?.stop();
}, 60_000);
beforeEach(() => {
  seen = [];
});

const refreshes = (): Promise<number> => hawser.emulators.refreshes('zendesk/acme');
const send = async (method: 'GET' | 'POST') =>
  (await calls.caller.open({ workspaceId, connectionId: id })).context.call({
    method,
    path: '/things',
    ...(method === 'POST' && { json: {} }),
  });

test.each(['GET', 'POST'] as const)(
  'AS-14: an expired-session body on %s: one refresh, one resend, and the second answer is the data',
  async (method) => {
    await untilOld(hawser.api, id);
    const before = await refreshes();
    answer = (token) => (token === seen[0] ? { ok: false, error: 'session_expired' } : { ok: true, data: 7 });
    expect((await send(method)).json).toEqual({ ok: true, data: 7 });
    expect(seen).toHaveLength(2);
    expect(seen[1]).not.toBe(seen[0]);
    expect(await refreshes()).toBe(before + 1);
  },
  60_000,
);

test.each(['GET', 'POST'] as const)(
  'AS-14: another error in a 200 on %s: an error, no refresh, no resend, no data',
  async (method) => {
    const before = await refreshes();
    answer = () => ({ ok: false, error: 'quota_exhausted', data: 7 });
    await expect(send(method)).rejects.toMatchObject({ code: 'app_rejected_request' });
    expect(seen).toHaveLength(1);
    expect(await refreshes()).toBe(before);
  },
  60_000,
);

test('AS-14: expired for ever: two sends, one refresh, then an error; the body is never taken as data', async () => {
  await untilOld(hawser.api, id);
  const before = await refreshes();
  answer = () => ({ ok: true, error: 'session expired', data: 7 });
  await expect(send('GET')).rejects.toMatchObject({ code: expect.any(String) });
  expect(seen).toHaveLength(2);
  expect(await refreshes()).toBe(before + 1);
}, 60_000);
