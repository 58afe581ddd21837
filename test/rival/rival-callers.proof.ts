/** The peer's faults around its refresh lock: many callers, slow providers, dead grants. Two workers, callers in two processes. */
import { connected, authorize, SALESFORCE_ADMIN, ZENDESK_ADMIN } from '../support/connect.js';
import { RENEWALS } from '../support/emulator-control.js';
import { eventually } from '../support/eventually.js';
import { proofSize } from '../support/proof-size.js';
import { startHawser, type Hawser } from '../support/start-hawser.js';
import { untilOld } from '../support/until-old.js';
import { CallerProcess, usable } from './callers.js';
import { eventsOf, renewals, tally, untilMet } from './measure.js';
import { measured } from './rival-faults.js';

/** Two orgs, so that one test's waiting is another's ageing. */
const ACME = 'zendesk/acme';
const SANDBOX = 'zendesk/acme-sandbox';

let hawser: Hawser;
let processes: CallerProcess[];
let acme: string;
let sandbox: string;
let deletedSoon: string;
let tenMinutes: string;
let salesforce: string;
/** All connections at once: they grow old enough for a renewal while the first tests run. */
beforeAll(async () => {
  hawser = await startHawser('two workers, and the real time to wait for an answer', {
    workers: 2,
    env: { HAWSER_ANSWER_MS: '120000' },
  });
  const { api, emulators } = hawser;
  processes = [new CallerProcess(hawser), new CallerProcess(hawser)];
  acme = await connected(api, 'zendesk', ZENDESK_ADMIN, 'Acme');
  sandbox = await connected(api, 'zendesk', ZENDESK_ADMIN, 'Sandbox', { subdomain: 'acme-sandbox' });
  await emulators.policy(SANDBOX, { accessTokenTtlSeconds: 600 });
  [deletedSoon, tenMinutes, salesforce] = await Promise.all([
    connected(api, 'zendesk', ZENDESK_ADMIN, 'Deleted in mid-renewal'),
    connected(api, 'zendesk', ZENDESK_ADMIN, 'Ten minutes', { subdomain: 'acme-sandbox' }),
    connected(api, 'salesforce', SALESFORCE_ADMIN),
  ]);
}, 180_000);
afterEach(() => hawser?.emulators.clearFaults());
afterAll(async () => {
  await Promise.all((processes ?? []).map((one) => one.close()));
  await hawser?.stop();
}, 60_000);
jest.setTimeout(180_000);

const view = (id: string) => hawser.api.ok('GET', `/v1/connections/${id}`);

/** So many callers, spread over the two processes, all with the lease that the app has just refused. */
async function herd(id: string, count: number) {
  const ref = await processes[0]!.refOf(id);
  const seen = usable(await processes[0]!.lease(ref));
  return Array.from({ length: count }, (_, index) => processes[index % 2]!.afterRejection(ref, seen));
}

test('R-24 100 callers in two processes with one expired token: one token call, all are served the same version', async () => {
  await untilOld(hawser.api, acme);
  const before = await renewals(hawser, ACME);
  await hawser.emulators.fault({ ...RENEWALS.zendesk, org: 'acme', kind: 'delay', delayMs: 300, times: -1 });
  await hawser.emulators.expireAccessTokens(ACME);
  const leases = await Promise.all(await herd(acme, 100));
  const calls = (await renewals(hawser, ACME)).length - before.length;
  const versions = new Set(leases.map((lease) => usable(lease).version));
  measured(
    'R-24',
    `${calls} token call for 100 callers in 2 processes; ${leases.length} served, versions ${[...versions].join(', ')}`,
  );
  expect(calls).toBe(1);
  expect(versions.size).toBe(1);
});

test('R-25 a provider that takes 11 s and a second process that asks meanwhile: one token call, both are served', async () => {
  await untilOld(hawser.api, sandbox);
  const before = await renewals(hawser, SANDBOX);
  const { id } = await hawser.emulators.fault({
    ...RENEWALS.zendesk,
    org: 'acme-sandbox',
    kind: 'delay',
    delayMs: 11_000,
    times: 1,
  });
  await hawser.emulators.expireAccessTokens(SANDBOX);
  const ref = await processes[0]!.refOf(sandbox);
  const seen = usable(await processes[0]!.lease(ref));
  const first = processes[0]!.afterRejection(ref, seen);
  await untilMet(hawser, id);
  const second = processes[1]!.afterRejection(ref, seen);
  const versions = [await first, await second].map((lease) => usable(lease).version);
  const calls = (await renewals(hawser, SANDBOX)).slice(before.length).map(({ status }) => status);
  const alarms = eventsOf(hawser, sandbox, 'connection_lost') + eventsOf(hawser, sandbox, 'connection_degraded');
  measured(
    'R-25',
    `${calls.length} token call, answered ${tally(calls)}; both callers got version ${tally(versions)}; ${alarms} false alarms`,
  );
  expect(calls).toEqual([200]);
  expect(new Set(versions).size).toBe(1);
  expect(alarms).toBe(0);
});

test('R-04 whoever waited gets the new version, never the one it waited with; a connection deleted in mid-renewal ends cleanly', async () => {
  const id = deletedSoon;
  await untilOld(hawser.api, acme, id);
  const { id: fault } = await hawser.emulators.fault({
    ...RENEWALS.zendesk,
    org: 'acme',
    kind: 'delay_after',
    delayMs: 2_000,
    times: 2,
  });
  const pids = hawser.workers.map(({ pid }) => pid);
  const waiting = await herd(acme, 10);
  await untilMet(hawser, fault, 1);
  const versions = (await Promise.all(waiting)).map((lease) => usable(lease).version);
  const seen = (await view(acme)).version;

  const asked = hawser.api.send('POST', `/v1/connections/${id}/refresh`, {});
  await untilMet(hawser, fault, 2);
  await hawser.api.ok('DELETE', `/v1/connections/${id}?force=true`);
  await asked;
  await eventually(
    'what the renewal brought to be revoked',
    async () => (await hawser.emulators.counts(ACME)).revokes >= 1,
  );
  const gone = (await hawser.api.send('GET', `/v1/connections/${id}`)).status;
  const crashed = hawser.workers.filter(({ pid }, index) => pid !== pids[index]).length;
  measured(
    'R-04',
    `10 waiters got version ${tally(versions)} of ${seen}; deleted in mid-renewal: ${gone} to readers, late token revoked, ${crashed} processes crashed`,
  );
  expect(new Set(versions)).toEqual(new Set([seen]));
  expect({ gone, crashed }).toEqual({ gone: 404, crashed: 0 });
});

test('R-29 a forced refresh that meets callers in mid-renewal is never dropped', async () => {
  const { api, emulators } = hawser;
  const rounds = proofSize(1, 8);
  const ids = [acme, sandbox, tenMinutes, salesforce];
  let brought = 0;
  for (let round = 0; round < rounds; round += 1) {
    await untilOld(api, ...ids);
    const before = await Promise.all(ids.map(view));
    for (const org of [ACME, SANDBOX, 'salesforce/production']) await emulators.expireAccessTokens(org);
    const others = await Promise.all(ids.map((id) => herd(id, 4)));
    const forced = await Promise.all(ids.map((id) => api.send('POST', `/v1/connections/${id}/refresh`, {})));
    await Promise.all(others.flat());
    brought += forced.filter(
      ({ status, body }, index) => status === 200 && body.version > before[index].version,
    ).length;
  }
  measured(
    'R-29',
    `${rounds * ids.length} forced refreshes, each among 4 callers in mid-renewal: ${brought} brought a newer version, ${rounds * ids.length - brought} dropped`,
  );
  expect(brought).toBe(rounds * ids.length);
});

test('R-30 the early renewal fails while the token lives for 10 more minutes: it is served', async () => {
  const { api, emulators } = hawser;
  const id = tenMinutes;
  await untilOld(api, id);
  await emulators.fault({
    ...RENEWALS.zendesk,
    org: 'acme-sandbox',
    kind: 'status',
    status: 503,
    headers: { 'retry-after': '60' },
    body: 'Down',
    times: -1,
  });
  await api.ok('POST', `/v1/connections/${id}/refresh`, {});
  const degraded = await eventually('degraded', async () => (await view(id)).status === 'degraded' && (await view(id)));
  const ref = await processes[0]!.refOf(id);
  const leases = await Promise.all(Array.from({ length: 20 }, (_, index) => processes[index % 2]!.lease(ref)));
  const { proof } = await api.ok('POST', `/v1/connections/${id}/verify`, {});
  measured(
    'R-30',
    `status ${degraded.status} (${degraded.reason.code}); 20 of 20 leases: ${tally(leases.map(({ kind }) => kind))}; the app accepts the token: ${proof.accepted}`,
  );
  expect(leases.every(({ kind }) => kind === 'yes')).toBe(true);
  expect(proof).toMatchObject({ accepted: true, version: degraded.version });
});

test('R-11 a token endpoint that fails three times: one event when it begins, one when it is over', async () => {
  const { api, emulators } = hawser;
  const id = salesforce;
  await untilOld(api, id);
  const { version } = await view(id);
  const failing = {
    ...RENEWALS.salesforce,
    kind: 'status',
    status: 429,
    headers: { 'retry-after': '1' },
    body: 'Too many',
  } as const;
  await emulators.fault({ ...failing, times: 3 });
  await api.ok('POST', `/v1/connections/${id}/refresh`, {});
  await eventually(
    'it to heal',
    async () => (await view(id)).version > version && (await view(id)).status === 'connected',
  );
  await eventually('the recovery to be told', async () => eventsOf(hawser, id, 'connection_recovered') > 1);
  const [degraded, recovered] = ['connection_degraded', 'connection_recovered'].map((name) =>
    eventsOf(hawser, id, name),
  );
  measured(
    'R-11',
    `3 failures in a row, then success: ${degraded} event degraded, ${recovered! - 1} event recovered (callers cause none)`,
  );
  expect(degraded).toBe(1);
  // The first one told of the connecting itself.
  expect(recovered).toBe(2);
});

test('R-27 40 concurrent callers on a revoked grant: one token call, one event, each caller told the reason', async () => {
  await untilOld(hawser.api, acme);
  const before = await renewals(hawser, ACME);
  await hawser.emulators.revoke(ACME);
  const leases = await Promise.all(await herd(acme, 40));
  const calls = (await renewals(hawser, ACME)).length - before.length;
  await eventually('the loss to be told', async () => eventsOf(hawser, acme, 'connection_lost') > 0);
  const told = eventsOf(hawser, acme, 'connection_lost');
  const codes = leases.map((lease) => (lease.kind === 'no' ? lease.code : lease.kind));
  measured('R-27', `${calls} token call, ${told} event for 40 callers; each told: ${tally(codes)}`);
  expect({ calls, told }).toEqual({ calls: 1, told: 1 });
  expect(new Set(codes)).toEqual(new Set(['grant_revoked']));
});

test('R-06 a dead grant is dead at its first invalid_grant, and forced refreshes cause no call', async () => {
  const before = await renewals(hawser, ACME);
  const lost = await view(acme);
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => hawser.api.send('POST', `/v1/connections/${acme}/refresh`, {})),
  );
  const calls = (await renewals(hawser, ACME)).length - before.length;
  measured(
    'R-06',
    `${lost.status} (${lost.reason.code}) after 1 invalid_grant; 10 forced refreshes: ${calls} token calls, answered ${tally(answers.map(({ status }) => status))}`,
  );
  expect(lost).toMatchObject({ status: 'invalid', reason: { code: 'grant_revoked' } });
  expect(calls).toBe(0);
});

test('R-05 callers who never stop asking for a dead connection cause no call at all', async () => {
  const count = proofSize(400, 10_000);
  const before = (await hawser.emulators.log({ app: 'zendesk', org: 'acme' })).length;
  const ref = await processes[0]!.refOf(acme);
  const gone = { kind: 'yes', version: 2, failures: 0 } as Parameters<CallerProcess['afterRejection']>[1];
  const codes: string[] = [];
  for (let asked = 0; asked < count; asked += 50) {
    const leases = await Promise.all(
      Array.from({ length: 50 }, (_, index) => processes[index % 2]!.afterRejection(ref, gone)),
    );
    codes.push(...leases.map((lease) => (lease.kind === 'no' ? lease.code : 'served')));
  }
  const calls = (await hawser.emulators.log({ app: 'zendesk', org: 'acme' })).length - before;
  measured('R-05', `${count} callers of a dead connection: ${calls} calls to the app; each told: ${tally(codes)}`);
  expect(calls).toBe(0);
  expect(new Set(codes)).toEqual(new Set(['grant_revoked']));
});

test('R-13 a recovered and a deleted connection are told of, each once', async () => {
  const { api } = hawser;
  const before = eventsOf(hawser, acme, 'connection_recovered');
  expect((await authorize(api, acme, ZENDESK_ADMIN)).end.outcome).toBe('in_force');
  await eventually('the recovery to be told', async () => eventsOf(hawser, acme, 'connection_recovered') > before);
  await api.ok('DELETE', `/v1/connections/${acme}?force=true`);
  await eventually('the deletion to be told', async () => eventsOf(hawser, acme, 'connection_deleted') > 0);
  const recovered = eventsOf(hawser, acme, 'connection_recovered') - before;
  const deleted = eventsOf(hawser, acme, 'connection_deleted');
  measured(
    'R-13',
    `reconnected: ${recovered} event recovered; deleted: ${deleted} event deleted (log events; webhooks are not built)`,
  );
  expect({ recovered, deleted }).toEqual({ recovered: 1, deleted: 1 });
});
