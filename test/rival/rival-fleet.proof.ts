/** The peer's faults around its refresh cron: rows that block others, tokens that are never or too often renewed, keys, memory. */
import { readFileSync } from 'node:fs';
import { createConnection as openMongo, type Connection as Mongo } from 'mongoose';
import { runEntry } from '../support/child-process.js';
import { connected, SALESFORCE_ADMIN, ZENDESK_ADMIN, ZENDESK_AGENT } from '../support/connect.js';
import { RENEWALS } from '../support/emulator-control.js';
import { eventually } from '../support/eventually.js';
import { forgeProjection, projectionIn } from '../support/projection.js';
import { proofSize } from '../support/proof-size.js';
import { accountsToOrganizations, startedRecipe, untilJobs } from '../support/recipes.js';
import { startHawser, type Hawser } from '../support/start-hawser.js';
import { untilOld } from '../support/until-old.js';
import { CallerProcess, usable } from './callers.js';
import { eventsOf, renewals, tally, untilMet } from './measure.js';
import { measured } from './rival-faults.js';

const ACME = 'zendesk/acme';
const SANDBOX = { subdomain: 'acme-sandbox' };
/** Renewed by itself about every 10 s, as long as this file runs. */
const SHORT_LIFE_S = 15;

let hawser: Hawser;
let mongo: Mongo;
let caller: CallerProcess;
/** In use, with tokens that live shorter than any usual margin. */
let short: string;
let salesforce: string;
let zendesk: string;
let damaged: string;
let refreshless: string;
let slow: string;
beforeAll(async () => {
  hawser = await startHawser('its database is looked at whole', { env: { HAWSER_ANSWER_MS: '120000' } });
  const { api, emulators } = hawser;
  caller = new CallerProcess(hawser);
  mongo = await openMongo(hawser.mongoUri).asPromise();
  zendesk = await connected(api, 'zendesk', ZENDESK_ADMIN, 'Zendesk');
  [damaged, salesforce, slow] = await Promise.all([
    connected(api, 'zendesk', ZENDESK_ADMIN, 'Damaged'),
    connected(api, 'salesforce', SALESFORCE_ADMIN),
    connected(api, 'zendesk', ZENDESK_ADMIN, 'Slow', SANDBOX),
  ]);
  await emulators.policy(ACME, { accessTokenTtlSeconds: SHORT_LIFE_S });
  short = await connected(api, 'zendesk', ZENDESK_AGENT, 'Short');
  await emulators.policy('zendesk/acme-sandbox', { accessTokenTtlSeconds: null });
  refreshless = await connected(api, 'zendesk', ZENDESK_ADMIN, 'No refresh token', SANDBOX);
}, 180_000);
afterAll(async () => {
  await mongo?.close();
  await caller?.close();
  await hawser?.stop();
}, 60_000);
jest.setTimeout(180_000);

const view = (id: string) => hawser.api.ok('GET', `/v1/connections/${id}`);
const documents = (name: string) => mongo.collection<{ _id: string; sealed?: string }>(name);
/** Waits until the connection with short tokens was renewed so many times more, and tells how often. */
async function renewedMeanwhile(times: number): Promise<number> {
  const before = (await view(short)).version;
  return eventually(
    `${times} renewals of the others`,
    async () => (await view(short)).version >= before + times && (await view(short)).version - before,
    90_000,
  );
}

async function rejectionOf(id: string) {
  const ref = await caller.refOf(id);
  return caller.afterRejection(ref, usable(await caller.lease(ref)));
}

test('R-10 no expires_in in the token answer: renewed once, when the app first rejects the token', async () => {
  await untilOld(hawser.api, salesforce);
  const before = await view(salesforce);
  const calls = (await renewals(hawser, 'salesforce/production')).length;
  await hawser.emulators.expireAccessTokens('salesforce/production');
  const lease = usable(await rejectionOf(salesforce));
  const count = (await renewals(hawser, 'salesforce/production')).length - calls;
  measured(
    'R-10',
    `end of the token: ${before.accessExpiresAt ?? 'unknown'}; at its first rejection ${count} token call, version ${lease.version} served`,
  );
  expect(before.accessExpiresAt).toBeNull();
  expect({ count, version: lease.version }).toEqual({ count: 1, version: 2 });
});

test('R-03 an answer without refresh_token keeps the old one: it renews a second time', async () => {
  await untilOld(hawser.api, salesforce);
  await hawser.emulators.expireAccessTokens('salesforce/production');
  const lease = usable(await rejectionOf(salesforce));
  const { proof } = await hawser.api.ok('POST', `/v1/connections/${salesforce}/verify`, {});
  measured(
    'R-03',
    `two renewals, both answered without refresh_token: version ${lease.version}, accepted by the app: ${proof.accepted}`,
  );
  expect(lease.version).toBe(3);
  expect(proof).toMatchObject({ accepted: true, version: 3 });
});

test('R-07 "renewed" means that the app accepts what is stored now; a renewal that failed changes neither version nor time', async () => {
  const { api, emulators } = hawser;
  const before = await view(zendesk);
  await emulators.fault({
    ...RENEWALS.zendesk,
    org: 'acme',
    kind: 'status',
    status: 429,
    headers: { 'retry-after': '30' },
    body: 'Too many',
    times: 1,
  });
  const failed = await api.ok('POST', `/v1/connections/${zendesk}/refresh`, {});
  await emulators.clearFaults();
  const renewed = await eventually('a renewal', async () => {
    const seen = await api.ok('POST', `/v1/connections/${zendesk}/refresh`, {});
    return seen.version > before.version && seen;
  });
  const { proof } = await api.ok('POST', `/v1/connections/${zendesk}/verify`, {});
  measured(
    'R-07',
    `failed: ${failed.status}, version ${failed.version}, time unchanged: ${failed.obtainedAt === before.obtainedAt}; renewed: version ${renewed.version}, accepted by the app: ${proof.accepted}`,
  );
  expect(failed).toMatchObject({ status: 'degraded', version: before.version, obtainedAt: before.obtainedAt });
  expect(renewed.obtainedAt).toBeGreaterThan(before.obtainedAt);
  expect(proof).toMatchObject({ accepted: true, version: renewed.version });
});

test('R-31 a token that has ended and cannot be renewed is not served as a success', async () => {
  const before = await view(refreshless);
  await untilOld(hawser.api, refreshless);
  await hawser.emulators.expireAccessTokens('zendesk/acme-sandbox');
  const lease = await rejectionOf(refreshless);
  const after = await view(refreshless);
  measured(
    'R-31',
    `lease: ${lease.kind}${lease.kind === 'no' ? ` (${lease.code})` : ''}; ${after.status} (${after.reason?.code}); last success still dated ${after.obtainedAt === before.obtainedAt ? 'when it was obtained' : 'anew'}`,
  );
  expect(lease.kind).toBe('no');
  expect(after).toMatchObject({ status: 'invalid', version: 1, obtainedAt: before.obtainedAt });
});

test('R-26 a provider that takes 25 s: every caller is served by one token call, nobody is alarmed', async () => {
  await untilOld(hawser.api, slow);
  const before = (await renewals(hawser, 'zendesk/acme-sandbox')).length;
  const { id } = await hawser.emulators.fault({
    ...RENEWALS.zendesk,
    org: 'acme-sandbox',
    kind: 'delay',
    delayMs: 25_000,
    times: 1,
  });
  const callers = [rejectionOf(slow)];
  await untilMet(hawser, id);
  callers.push(rejectionOf(slow), rejectionOf(slow));
  const leases = await Promise.all(callers);
  const calls = (await renewals(hawser, 'zendesk/acme-sandbox')).length - before;
  const alarms = eventsOf(hawser, slow, 'connection_lost') + eventsOf(hawser, slow, 'connection_degraded');
  measured(
    'R-26',
    `3 callers: ${tally(leases.map((lease) => (lease.kind === 'yes' ? `served version ${lease.version}` : lease.code)))}; ${calls} token call, ${alarms} false alarms`,
  );
  expect(new Set(leases.map((lease) => usable(lease).version)).size).toBe(1);
  expect({ calls, alarms }).toEqual({ calls: 1, alarms: 0 });
});

test('R-18 the encryption key is changed while everything runs: all is sealed anew, and every connection lives on', async () => {
  const keys = (...args: string[]) => runEntry('dist/bin/worker/manage-keys.js', args, hawser.env);
  const kids = (text: string) =>
    [...text.split('Payload keys')[0]!.matchAll(/^ {2}(\S+) {2}(?:newest|old)/gm)].map(([, kid]) => kid!);
  const [old] = kids(await keys('list'));
  await keys('rotate', 'vault');
  const report = JSON.parse(/^RESEALED (.*)$/m.exec(await keys('reseal'))?.[1] ?? '{}') as {
    total: number;
    left: object;
  };
  const left = Object.keys(report.left).length;
  await keys('drop', old!);
  const meanwhile = await renewedMeanwhile(1);
  const { proof } = await hawser.api.ok('POST', `/v1/connections/${salesforce}/verify`, {});
  measured(
    'R-18',
    `${report.total} sealed documents, ${left} left under the old key, which was dropped; ${meanwhile} renewal meanwhile; the app accepts what was sealed anew: ${proof.accepted}`,
  );
  expect({ left, accepted: proof.accepted }).toEqual({ left: 0, accepted: true });
  expect(kids(await keys('list'))).not.toContain(old);
});

test('R-08 connections whose provider hangs take no seat from the others', async () => {
  const count = proofSize(12, 60);
  const { api, emulators } = hawser;
  // The app keeps five grants of a user; here each connection needs its own.
  await emulators.policy('salesforce/sandbox', { grantsPerUserAndClient: 0 });
  const hanging = await Promise.all(
    Array.from({ length: count }, (_, index) =>
      connected(
        api,
        'salesforce',
        { ...SALESFORCE_ADMIN, username: `${SALESFORCE_ADMIN.username}.uat` },
        `Hanging ${index}`,
        { environment: 'sandbox' },
      ),
    ),
  );
  const { id } = await emulators.fault({
    ...RENEWALS.salesforce,
    org: 'sandbox',
    kind: 'delay',
    delayMs: 60_000,
    times: -1,
  });
  await untilOld(api, ...hanging);
  const asked = hanging.map((one) => api.send('POST', `/v1/connections/${one}/refresh`, {}));
  await untilMet(hawser, id, count);
  const meanwhile = await renewedMeanwhile(2);
  measured(
    'R-08',
    `${count} renewals hang at their provider; another connection was renewed ${meanwhile} times meanwhile, ${eventsOf(hawser, short, 'connection_degraded')} times late`,
  );
  expect((await view(short)).status).toBe('connected');
  await emulators.clearFaults();
  await Promise.all(asked);
});

test('R-33 one document that cannot be opened stops nobody else, and its own connection says what is wrong', async () => {
  const { api } = hawser;
  const { version } = await view(damaged);
  const _id = `${damaged}/${version}`;
  const stored = await documents('credentials').findOne({ _id });
  const box = JSON.parse(stored!.sealed!) as { ciphertext: string };
  const ciphertext = box.ciphertext.startsWith('A') ? `B${box.ciphertext.slice(1)}` : `A${box.ciphertext.slice(1)}`;
  await documents('credentials').updateOne({ _id }, { $set: { sealed: JSON.stringify({ ...box, ciphertext }) } });
  await untilOld(api, damaged);
  // An intent is written before each token request.
  const calls = () => documents('intents').countDocuments({ connectionId: damaged } as object);
  const before = await calls();
  const answer = await api.ok('POST', `/v1/connections/${damaged}/refresh`, {});
  const meanwhile = await renewedMeanwhile(2);
  measured(
    'R-33',
    `its own connection: ${answer.status} (${answer.reason?.code}), ${(await calls()) - before} token calls; another was renewed ${meanwhile} times meanwhile`,
  );
  expect(answer.reason?.code).toBe('vault_damaged');
  expect(await calls()).toBe(before);
});

test('R-23 store and Temporal disagree: the actor is right, and its next event mends the copy', async () => {
  const { api } = hawser;
  const copy = async () => JSON.parse((await projectionIn(mongo, zendesk)).state) as { status: string };
  const truth = await copy();
  await forgeProjection(mongo, {
    ...(await projectionIn(mongo, zendesk)),
    state: JSON.stringify({ ...truth, status: 'invalid' }),
  });
  const asked = await view(zendesk);
  const ref = await caller.refOf(zendesk);
  const lease = await caller.lease(ref);
  await api.ok('POST', `/v1/connections/${zendesk}/verify`, {});
  const mended = await eventually(
    'the copy to be mended',
    async () => (await copy()).status === 'connected' && (await copy()),
  );
  measured(
    'R-23',
    `copy forged to invalid: readers see ${asked.status}, lease ${lease.kind}; after its next event the copy says ${mended.status}, without a reconciler`,
  );
  expect(asked.status).toBe('connected');
  expect(lease.kind).toBe('yes');
});

test('R-09 tokens that live shorter than the usual margin are renewed once in each life, never in a loop', async () => {
  const entries = (await renewals(hawser, ACME)).filter(({ username }) => username === ZENDESK_AGENT.username);
  const gaps = entries.slice(1).map(({ at }, index) => new Date(at).getTime() - new Date(entries[index]!.at).getTime());
  const shortest = Math.min(...gaps);
  measured(
    'R-09',
    `life ${SHORT_LIFE_S} s, margin 5 min: ${entries.length} renewals, the shortest pause between two ${(shortest / 1_000).toFixed(1)} s`,
  );
  expect(entries.length).toBeGreaterThan(4);
  // A third of the life at most is taken as margin.
  expect(shortest).toBeGreaterThan((SHORT_LIFE_S * 1_000) / 2);
});

/** Resident memory of the worker, in KiB. */
const residentKiB = (): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${hawser.workers[0]!.pid}/status`, 'utf8'))?.[1]);

test('R-19 many jobs: the memory of the worker does not grow with them', async () => {
  const { api, emulators } = hawser;
  const rounds = proofSize(2, 20);
  const each = proofSize(60, 250);
  const recipe = await startedRecipe(api, accountsToOrganizations(salesforce, zendesk, 'now', 20));
  const seen: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    await Promise.all(
      Array.from({ length: each }, (_, index) =>
        emulators.createRecord('salesforce/production', 'Account', { Name: `Account ${round}.${index}` }),
      ),
    );
    await untilJobs(api, recipe, 'succeeded', round * each, 120_000);
    seen.push(residentKiB());
  }
  const grown = seen.at(-1)! - seen[0]!;
  const jobs = (rounds - 1) * each;
  measured(
    'R-19',
    `${jobs} jobs after the first ${each}: resident memory ${Math.round(seen[0]! / 1024)} -> ${Math.round(seen.at(-1)! / 1024)} MiB, ${Math.round(grown / jobs)} KiB a job (noise of the garbage collector included)`,
  );
  expect(grown).toBeLessThan(150 * 1024);
});
