/**
 * The storm: accounts on their way from Salesforce to Zendesk by two recipes, one idempotent and one not, while worker, gateway,
 * Temporal, MongoDB and emulators are killed one after the other, in an order and at moments that a seed draws. Nothing may be lost and
 * nothing done twice; what nobody can know stops as `outcome_unknown`, by name. Run by `npm run proof -- storm`; its name keeps it out of `npm test`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connected, SALESFORCE_ADMIN, ZENDESK_ADMIN } from '../support/connect.js';
import { eventually } from '../support/eventually.js';
import { proofSize } from '../support/proof-size.js';
import { accountsToOrganizations, jobsOf, startedRecipe } from '../support/recipes.js';
import { recordOutcome } from '../support/record-outcome.js';
import { seededRandom } from '../support/seeded-random.js';
import { freePort } from '../support/free-port.js';
import { startHawser, type Hawser } from '../support/start-hawser.js';
import { OwnServer } from './storm/own-server.js';

const ACCOUNTS = proofSize(20, 300);
const FIRST_SEED = Number(
  process.env['HAWSER_PROOF_SEED'] ?? (process.env['HAWSER_PROOF'] === 'full' ? 1 : Date.now() % 1_000_000),
);
const SEEDS = Array.from(
  { length: Number(process.env['HAWSER_PROOF_SEEDS'] ?? proofSize(1, 20)) },
  (_, index) => FIRST_SEED + index,
);
const PATIENCE_MS = 15 * 60_000;

let folder: string;
let temporal: OwnServer;
let mongo: OwnServer;
let hawser: Hawser;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hawser-storm-'));
  temporal = new OwnServer('temporal', join(folder, 'temporal'), await freePort());
  mongo = new OwnServer('mongo', join(folder, 'mongo'), await freePort());
  const [temporalAddress, mongoUri] = await Promise.all([temporal.start(), mongo.start()]);
  hawser = await startHawser('servers of its own are killed', {
    servers: { temporal: temporalAddress, mongo: mongoUri },
  });
}, 300_000);
afterAll(async () => {
  await hawser?.stop();
  await Promise.all([temporal?.stop(), mongo?.stop()]);
  if (folder) rmSync(folder, { recursive: true, force: true });
}, 120_000);

/** Created without a key: an answer that is lost leaves the outcome unknown. */
function notIdempotent(salesforce: string, zendesk: string): any {
  const recipe = accountsToOrganizations(salesforce, zendesk, 'now', 10);
  recipe.definition.steps = [
    { id: 'copy', binding: 'zendesk', operation: 'create_organization', input: { name: '"Copy of " & trigger.Name' } },
  ];
  return recipe;
}

const finished = (jobs: any[]): boolean => jobs.every(({ status }) => status === 'succeeded' || status === 'failed');

const untilFinished = (recipe: string): Promise<any[]> =>
  eventually(
    `${ACCOUNTS} jobs to end`,
    async () => {
      const jobs = await jobsOf(hawser.api, recipe);
      return jobs.length >= ACCOUNTS && finished(jobs) && jobs;
    },
    PATIENCE_MS,
    2_000,
  );

/** Everything that runs, killed once each in the seed's order, at the seed's moments while jobs are under way. */
async function blow(seed: number): Promise<string[]> {
  const random = seededRandom(seed);
  const victims = random.shuffled([
    ['worker', hawser.workers[0]!],
    ['gateway', hawser.gateway],
    ['Temporal', temporal],
    ['MongoDB', mongo],
    ['emulators', hawser.emulatorProcess],
  ] as const);
  for (const [, victim] of victims) {
    const moment = Date.now() + random.below(3_000);
    await eventually('the moment of the seed', async () => Date.now() >= moment, 60_000, 20);
    await victim.kill();
    await victim.start();
  }
  return victims.map(([name]) => name);
}

async function pass(seed: number): Promise<void> {
  const { api, emulators } = hawser;
  const salesforce = await connected(api, 'salesforce', SALESFORCE_ADMIN, `Source ${seed}`);
  const zendesk = await connected(api, 'zendesk', ZENDESK_ADMIN, `Target ${seed}`);
  const idempotent = await startedRecipe(api, accountsToOrganizations(salesforce, zendesk, 'now', 10));
  const creating = await startedRecipe(api, notIdempotent(salesforce, zendesk));
  const name = (index: number): string => `Storm ${seed}-${index}`;
  for (let index = 0; index < ACCOUNTS; index += 1)
    await emulators.createRecord('salesforce/production', 'Account', { Name: name(index) });
  await eventually('the first jobs', async () => (await jobsOf(api, idempotent)).length > 0, 120_000);
  const order = await blow(seed);
  const [upserts, creations] = await Promise.all([untilFinished(idempotent), untilFinished(creating)]);

  const mine = (text: unknown): boolean => String(text).startsWith(`Storm ${seed}-`);
  const all = await emulators.records('zendesk/acme', 'organizations');
  const organizations = all.filter((one) => mine(one.name));
  const copies = all
    .map((one) => String(one.name))
    .filter((text) => text.startsWith('Copy of ') && mine(text.slice('Copy of '.length)));
  const writes = (await emulators.log({ app: 'zendesk' })).filter(
    ({ accepted, body }) => accepted?.startsWith('organizations.') && mine(body?.organization?.name),
  );
  const stopped = await Promise.all(
    creations.filter(({ status }) => status === 'failed').map(({ id }) => api.ok('GET', `/v1/jobs/${id}`)),
  );
  recordOutcome('storm', `seed ${seed}`, {
    order: order.join(', '),
    jobs: upserts.length,
    'accepted writes': writes.length,
    records: organizations.length,
    'jobs, not idempotent': creations.length,
    'records, not idempotent': copies.length,
    'stopped as outcome_unknown': stopped.filter(({ error }) => error?.code === 'outcome_unknown').length,
  });

  expect(upserts).toHaveLength(ACCOUNTS);
  expect(upserts.filter(({ status }) => status !== 'succeeded')).toEqual([]);
  expect(new Set(organizations.map((one) => one.name)).size).toBe(ACCOUNTS);
  expect(organizations).toHaveLength(ACCOUNTS);
  expect(writes).toHaveLength(ACCOUNTS);
  expect(creations).toHaveLength(ACCOUNTS);
  expect(new Set(copies).size).toBe(copies.length);
  // Whatever is missing is named by a job that says so.
  expect(stopped.map(({ error }) => error?.code).filter((code) => code !== 'outcome_unknown')).toEqual([]);
  const named = new Set(stopped.map(({ event }) => event.data.Name));
  const missing = Array.from({ length: ACCOUNTS }, (_, index) => name(index)).filter(
    (one) => !copies.includes(`Copy of ${one}`),
  );
  expect(missing.filter((one) => !named.has(one))).toEqual([]);
  await Promise.all([idempotent, creating].map((recipe) => api.ok('POST', `/v1/recipes/${recipe}/stop`, {})));
}

test.each(SEEDS)('the storm of seed %i', pass, PATIENCE_MS + 300_000);
