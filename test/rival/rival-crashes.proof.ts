/** The peer's faults around crashes and hung parts: a process killed in mid-renewal, a provider that never answers, a store that is gone. */
import { connected, SALESFORCE_ADMIN, SALESFORCE_SECOND, ZENDESK_ADMIN } from '../support/connect.js';
import { RENEWALS, type Fault } from '../support/emulator-control.js';
import { eventually } from '../support/eventually.js';
import { startHawser, type Hawser } from '../support/start-hawser.js';
import { mongoProxy } from '../support/store-proxies.js';
import type { TcpProxy } from '../support/tcp-proxy.js';
import { untilOld } from '../support/until-old.js';
import { CallerProcess } from './callers.js';
import { eventsOf, renewals, tally, untilMet } from './measure.js';
import { measured } from './rival-faults.js';

let hawser: Hawser;
let mongo: TcpProxy;
let caller: CallerProcess;
let salesforce: string;
let second: string;
let zendesk: string;
beforeAll(async () => {
  mongo = await mongoProxy();
  // A short patience with providers, so that "never answers" ends within this test.
  hawser = await startHawser('its workers are killed', {
    workers: 2,
    workersThrough: { mongo: mongo.address },
    env: { HAWSER_ANSWER_MS: '6000' },
  });
  const { api } = hawser;
  caller = new CallerProcess(hawser);
  salesforce = await connected(api, 'salesforce', SALESFORCE_ADMIN);
  [second, zendesk] = await Promise.all([
    connected(api, 'salesforce', SALESFORCE_SECOND, 'Second'),
    connected(api, 'zendesk', ZENDESK_ADMIN),
  ]);
}, 180_000);
afterEach(() => hawser?.emulators.clearFaults());
afterAll(async () => {
  mongo?.release();
  await caller?.close();
  await hawser?.stop();
  await mongo?.stop();
}, 60_000);
jest.setTimeout(180_000);

const view = (id: string) => hawser.api.ok('GET', `/v1/connections/${id}`);
const pids = () => hawser.workers.map(({ pid }) => pid).join(' ');

/** Uses the connection as its callers do (a rejected token asks for a renewal) until it is whole again, or says that it cannot be. */
function untilSettled(id: string): Promise<any> {
  return eventually(
    `${id} to be whole or invalid`,
    async () => {
      const seen = await view(id);
      if (seen.status === 'invalid') return seen;
      const answer = await hawser.api.send('POST', `/v1/connections/${id}/verify`, {});
      const { status, proof, version } = answer.body;
      return (
        answer.status === 200 && status === 'connected' && proof.accepted && proof.version === version && answer.body
      );
    },
    60_000,
    500,
  );
}

test('R-32 the store is gone: the lease of a fresh token is given all the same', async () => {
  const ref = await caller.refOf(salesforce);
  mongo.hold('to_server');
  const leases = await Promise.all(Array.from({ length: 50 }, () => caller.lease(ref)));
  mongo.release();
  measured(
    'R-32',
    `no Redis and no lock exist; MongoDB unreachable for the workers: ${tally(leases.map(({ kind }) => kind))} of 50 leases of a fresh token`,
  );
  expect(leases.every(({ kind }) => kind === 'yes')).toBe(true);
});

test('R-01 a provider that never answers pins nothing: the renewal ends by itself, and the next one works without a restart', async () => {
  const { api, emulators } = hawser;
  await untilOld(api, salesforce);
  const before = pids();
  const { id } = await emulators.fault({ ...RENEWALS.salesforce, kind: 'delay', delayMs: 30_000, times: 1 });
  await api.send('POST', `/v1/connections/${salesforce}/refresh`, {});
  await untilMet(hawser, id);
  const hung = await eventually(
    'the renewal to be given up',
    async () => (await view(salesforce)).status === 'degraded' && (await view(salesforce)),
  );
  const { proof } = await api.ok('POST', `/v1/connections/${salesforce}/verify`, {});
  await emulators.expireAccessTokens('salesforce/production');
  const whole = await untilSettled(salesforce);
  measured(
    'R-01',
    `meanwhile ${hung.status} (${hung.reason.code}), the old token served: ${proof.accepted}; then renewed (version ${whole.version}) by the same processes: ${pids() === before}`,
  );
  expect(proof.accepted).toBe(true);
  expect(whole.version).toBeGreaterThan(hung.version);
  expect(pids()).toBe(before);
});

test('R-02 failures of every kind in a row: it heals by itself, without a restart or a new connection', async () => {
  const { api, emulators } = hawser;
  await untilOld(api, second);
  const before = { pids: pids(), lost: eventsOf(hawser, second, 'connection_lost') };
  const kinds: Pick<Fault, 'kind' | 'status' | 'headers' | 'body'>[] = [
    { kind: 'status', status: 503, body: 'Down' },
    { kind: 'close_before' },
    { kind: 'status', status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Maintenance</html>' },
    { kind: 'close_after' },
    { kind: 'status', status: 429, headers: { 'retry-after': '1' }, body: 'Too many' },
  ];
  for (const kind of kinds) await emulators.fault({ ...RENEWALS.salesforce, ...kind, times: 1 });
  await emulators.expireAccessTokens('salesforce/production');
  const whole = await untilSettled(second);
  const answers = (await renewals(hawser, 'salesforce/production')).filter(
    ({ username }) => username === SALESFORCE_SECOND.username,
  );
  const lost = eventsOf(hawser, second, 'connection_lost') - before.lost;
  measured(
    'R-02',
    `after ${kinds.length} different failures: ${whole.status} with version ${whole.version}, ${lost} times lost, 0 restarts, same id`,
  );
  expect(answers.length).toBeGreaterThan(0);
  expect(lost).toBe(0);
  expect(pids()).toBe(before.pids);
});

test('R-28 kill -9 between the rotation at the app and our write: no lock to wait for; a strict app costs an honest rotation_lost, another nothing', async () => {
  const { api, emulators } = hawser;
  await untilOld(api, salesforce, zendesk);
  const before = {
    salesforce: (await renewals(hawser, 'salesforce/production')).length,
    zendesk: (await renewals(hawser, 'zendesk/acme')).length,
  };
  const late = { kind: 'delay_after', delayMs: 4_000, times: 1 } as const;
  const faults = [
    await emulators.fault({ ...RENEWALS.salesforce, ...late }),
    await emulators.fault({ ...RENEWALS.zendesk, ...late }),
  ];
  const asked = [salesforce, zendesk].map((id) => api.send('POST', `/v1/connections/${id}/refresh`, {}));
  await Promise.all(faults.map(({ id }) => untilMet(hawser, id)));
  await eventually(
    'both apps to have rotated',
    async () => {
      const done = [await renewals(hawser, 'salesforce/production'), await renewals(hawser, 'zendesk/acme')];
      return done[0]!.length > before.salesforce && done[1]!.length > before.zendesk;
    },
    10_000,
    20,
  );
  await Promise.all(hawser.workers.map((worker) => worker.kill()));
  await Promise.all(hawser.workers.map((worker) => worker.start()));
  await Promise.all(asked);
  await emulators.expireAccessTokens('salesforce/production');
  const whole = await untilSettled(salesforce);
  const strict = await untilSettled(zendesk);
  const calls = {
    salesforce: (await renewals(hawser, 'salesforce/production')).length - before.salesforce,
    zendesk: (await renewals(hawser, 'zendesk/acme')).length - before.zendesk,
  };
  await api.send('POST', `/v1/connections/${zendesk}/refresh`, {});
  const later = (await renewals(hawser, 'zendesk/acme')).length - before.zendesk;
  measured(
    'R-28',
    `app without rotation: ${whole.status} after ${calls.salesforce} token calls; strictly rotating app: ${strict.status} (${strict.reason?.code}) after ${calls.zendesk}, then none (the one hole that no design closes)`,
  );
  expect(whole.status).toBe('connected');
  expect(strict).toMatchObject({ status: 'invalid', reason: { code: 'rotation_lost' } });
  expect(calls.salesforce).toBeLessThanOrEqual(2);
  expect(calls.zendesk).toBeLessThanOrEqual(2);
  expect(later).toBe(calls.zendesk);
});
