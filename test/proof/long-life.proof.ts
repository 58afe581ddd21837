/**
 * A year in minutes: each day of it takes two seconds, and Temporal's limits are a fiftieth of a server's. Accounts change each day;
 * each week a grant is revoked and given anew two days later, the token endpoint is down for a day, and every access token ends; each
 * month a right is missing for two days; a worker is killed, the recipe is stopped and started, the actors roll over. Beside it one
 * recipe waits from the second day to the last for a connection that is lost. At the end every change has arrived, no run was ended by
 * the server, and neither histories nor the store have grown with the year. Run by `npm run proof -- long-life` (`--minutes N` for a
 * shorter one).
 */
import { createConnection as openMongo, type Connection as Mongo } from 'mongoose';
import { actorOf, temporalOf } from '../support/actor.js';
import { authorize, connected, SALESFORCE_ADMIN, statusOf, ZENDESK_ADMIN } from '../support/connect.js';
import { RENEWALS } from '../support/emulator-control.js';
import { eventually } from '../support/eventually.js';
import { accountsToOrganizations, jobsOf, startedRecipe, untilPolled } from '../support/recipes.js';
import { recordOutcome } from '../support/record-outcome.js';
import { startHawser, type Hawser } from '../support/start-hawser.js';
import { measureLife, type Measured } from './long-life/measure-life.js';

const DAY_MS = 2_000;
const MINUTES = Number(process.env['HAWSER_PROOF_MINUTES'] ?? 365 / 30);
const DAYS = Math.max(30, Math.round((MINUTES * 60_000) / DAY_MS));
const PATIENCE_MS = 5 * 60_000;
const SOURCE = 'salesforce/production';
const TARGET = 'zendesk/acme';
const LOST = 'zendesk/acme-sandbox';
/** Events of one run: it is to roll at 200, and at 400 whatever is under way. */
const MOST_EVENTS = 700;

let hawser: Hawser;
let temporal: ReturnType<typeof temporalOf>;
let mongo: Mongo;
beforeAll(async () => {
  hawser = await startHawser('a worker of its own is killed, and the store is counted', {
    env: { HAWSER_LEASE_MS: '1000', HAWSER_ANSWER_MS: '5000' },
  });
  temporal = temporalOf(hawser);
  mongo = await openMongo(hawser.mongoUri).asPromise();
  for (const org of [SOURCE, TARGET]) await hawser.emulators.policy(org, { requestQuota: 1_000_000_000 });
}, 300_000);
afterAll(async () => {
  await mongo?.close();
  await temporal?.close();
  await hawser?.stop();
}, 100_000);

interface Life {
  salesforce: string;
  zendesk: string;
  /** Lost from the second day to the last. */
  lost: string;
  recipe: string;
  waiting: string;
  /** An account that changes every day, and one that the waiting recipe alone matters to. */
  record: string;
}

const created = (d: number): string => `Day ${d}`;

async function begin(): Promise<Life> {
  const { api, emulators } = hawser;
  const salesforce = await connected(api, 'salesforce', SALESFORCE_ADMIN);
  const zendesk = await connected(api, 'zendesk', ZENDESK_ADMIN);
  const lost = await connected(api, 'zendesk', ZENDESK_ADMIN, 'Lost', { subdomain: 'acme-sandbox' });
  const recipe = await startedRecipe(api, accountsToOrganizations(salesforce, zendesk, 'now', 10));
  const toLost = accountsToOrganizations(salesforce, lost, 'now', 5);
  const waiting = await startedRecipe(api, toLost);
  await Promise.all([recipe, waiting].map((id) => untilPolled(api, id)));
  await emulators.revoke(LOST);
  const account = await emulators.createRecord(SOURCE, 'Account', { Name: 'Changes every day' });
  return { salesforce, zendesk, lost, recipe, waiting, record: String(account['Id']) };
}

/** What happens on a day, by the calendar above. */
async function live(d: number, life: Life): Promise<void> {
  const { api, emulators, workers } = hawser;
  await emulators.createRecord(SOURCE, 'Account', { Name: created(d) });
  await emulators.changeRecord(SOURCE, 'Account', life.record, { Name: `Changed on day ${d}` });
  const week = d % 7;
  if (week === 2) await emulators.revoke(TARGET);
  if (week === 4) await reconnected(life.zendesk);
  if (week === 5) await emulators.fault({ ...RENEWALS.zendesk, kind: 'status', status: 503, times: -1 });
  if (week === 5 || week === 6) await emulators.expireAccessTokens(TARGET);
  if (week === 6) await emulators.clearFaults();
  if (week === 1) await emulators.expireAccessTokens(SOURCE);
  if (d % 30 === 10) await emulators.rights(TARGET, { username: ZENDESK_ADMIN.username, role: 'agent' });
  if (d % 30 === 12) await rightGivenBack(life.zendesk);
  if (d % 60 === 25) {
    await workers[0]!.kill();
    await workers[0]!.start();
  }
  if (d % 60 === 40) await (await actorOf(temporal.client, life.zendesk)).signal('roll');
  if (d % 90 === 45) await api.send('POST', `/v1/recipes/${life.recipe}/stop`, {});
  if (d % 90 === 46) await api.send('POST', `/v1/recipes/${life.recipe}/start`, {});
}

/** A revocation is noticed by the next job or poll only: a person presses Verify first. */
async function reconnected(id: string): Promise<void> {
  await hawser.api.send('POST', `/v1/connections/${id}/verify`, {});
  if ((await statusOf(hawser.api, id)) === 'connected') return;
  await authorize(hawser.api, id, ZENDESK_ADMIN);
}

async function rightGivenBack(id: string): Promise<void> {
  await hawser.emulators.rights(TARGET, { username: ZENDESK_ADMIN.username, role: 'admin' });
  await hawser.api.send('POST', `/v1/connections/${id}/verify`, {});
}

/** After the last day everything is healed; what waits must end by itself. */
async function heal({ zendesk, lost, recipe }: Life): Promise<void> {
  const { api, emulators } = hawser;
  await emulators.clearFaults();
  await rightGivenBack(zendesk);
  await eventually('the connection in use', async () => {
    await reconnected(zendesk);
    return (await statusOf(api, zendesk)) === 'connected';
  });
  // A consent proves the account, not the rights that jobs wait for: the next step of the connection says so.
  await api.send('POST', `/v1/connections/${zendesk}/verify`, {});
  await api.send('POST', `/v1/connections/${lost}/verify`, {});
  await authorize(api, lost, ZENDESK_ADMIN);
  await api.send('POST', `/v1/recipes/${recipe}/start`, {});
}

test(
  `${DAYS} days`,
  async () => {
    const { api, emulators } = hawser;
    const life = await begin();
    const startedAt = Date.now();
    const measured: Measured[] = [];
    for (let d = 1; d <= DAYS; d += 1) {
      await live(d, life);
      if (d % Math.ceil(DAYS / 4) === 0) measured.push(await measureLife(temporal.client, mongo, hawser.namespace));
      const next = startedAt + d * DAY_MS;
      await eventually('the next day', async () => Date.now() >= next, PATIENCE_MS, 50);
    }
    const lasted = Date.now() - startedAt;
    await heal(life);
    const names = Array.from({ length: DAYS }, (_, index) => created(index + 1));
    const last = `Changed on day ${DAYS}`;
    for (const org of [TARGET, LOST])
      await eventually(
        `every change at ${org}`,
        async () => {
          const there = new Set((await emulators.records(org, 'organizations')).map(({ name }) => String(name)));
          return [...names, last].every((name) => there.has(name));
        },
        PATIENCE_MS,
        1_000,
      );
    for (const id of [life.recipe, life.waiting])
      await eventually(
        'no job is open',
        async () => (await api.ok('GET', `/v1/recipes/${id}`)).openJobs === 0,
        PATIENCE_MS,
        1_000,
      );
    measured.push(await measureLife(temporal.client, mongo, hawser.namespace));
    const jobs = [...(await jobsOf(api, life.recipe)), ...(await jobsOf(api, life.waiting))];
    const failed = jobs.filter(({ status }) => status !== 'succeeded');
    const end = measured.at(-1)!;
    const view = await api.ok('GET', `/v1/connections/${life.zendesk}`);
    recordOutcome('long-life', `${DAYS} days in ${Math.round(lasted / 60_000)} minutes`, {
      jobs: jobs.length,
      'jobs that did not succeed': failed.length,
      'versions of the connection in use': view.version,
      'renewals at the app': await emulators.refreshes(TARGET),
      'runs ended by the server': end.ended,
      'most events of one run, by quarter': measured.map(({ mostEvents }) => mostEvents),
      'largest document of the store in bytes, by quarter': measured.map(({ largest }) => largest),
      'documents of a connection (credentials, intents, attempts under way), by quarter': measured.map(
        ({ perConnection }) => perConnection,
      ),
    });
    expect(failed).toEqual([]);
    expect(end.ended).toBe(0);
    for (const { mostEvents } of measured) expect(mostEvents).toBeLessThan(MOST_EVENTS);
    for (const { largest } of measured) expect(largest).toBeLessThan(64_000);
    // Not more at the end than after half of the year, but for the try or two that are under way at a moment.
    expect(end.perConnection).toBeLessThanOrEqual((measured[1] ?? end).perConnection * 2 + 20);
  },
  MINUTES * 60_000 + 3 * PATIENCE_MS,
);
