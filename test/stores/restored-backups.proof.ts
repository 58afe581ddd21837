/**
 * Temporal's database lost, and each of the two databases restored from a backup that is older than the other: the doctor names it,
 * `--rebuild` does what can be done, no token is spent by that, and what is lost is said (docs/runbook.md).
 */
import { authorize, connected, SALESFORCE_ADMIN, ZENDESK_ADMIN } from '../support/connect.js';
import { examine, foundIn, type Examined } from '../support/doctor.js';
import { eventually } from '../support/eventually.js';
import { accountsToOrganizations, jobsOf, startedRecipe, untilJobs, untilPolled } from '../support/recipes.js';
import { recordOutcome } from '../support/record-outcome.js';
import { startHawser, type Hawser } from '../support/start-hawser.js';
import { makeNamespace } from '../support/test-namespace.js';
import { OwnStore } from './own-stores.js';

let temporal: OwnStore;
let mongo: OwnStore;
let hawser: Hawser;
let salesforce: string;
let zendesk: string;
let spare: string;
let recipe: string;
beforeAll(async () => {
  [temporal, mongo] = await Promise.all([OwnStore.start('temporal'), OwnStore.start('mongo')]);
  hawser = await startHawser('its servers are restored from backups', {
    servers: { temporal: temporal.address, mongo: mongo.address },
  });
  const { api } = hawser;
  salesforce = await connected(api, 'salesforce', SALESFORCE_ADMIN);
  zendesk = await connected(api, 'zendesk', ZENDESK_ADMIN);
  spare = await connected(api, 'zendesk', ZENDESK_ADMIN, 'Used by nobody');
  recipe = await startedRecipe(api, accountsToOrganizations(salesforce, zendesk, 'now'));
  await untilPolled(api, recipe);
}, 400_000);
afterAll(async () => {
  await hawser?.stop();
  await Promise.all([temporal?.stop(), mongo?.stop()]);
}, 120_000);
jest.setTimeout(400_000);

const PATIENCE_MS = 120_000;
const view = (id: string): Promise<any> => hawser.api.ok('GET', `/v1/connections/${id}`);
const tokenCalls = async (): Promise<number> => (await hawser.emulators.counts('zendesk/acme')).tokenCalls;
const newAccount = (Name: string): Promise<any> =>
  hawser.emulators.createRecord('salesforce/production', 'Account', { Name });

async function renew(id: string): Promise<void> {
  const { version } = await view(id);
  await eventually(
    'a renewal',
    async () => {
      await hawser.api.send('POST', `/v1/connections/${id}/refresh`, {});
      return (await view(id)).version > version;
    },
    PATIENCE_MS,
    1_000,
  );
}

const untilFinds = (...expected: string[]): Promise<Examined> =>
  eventually(
    `the findings ${expected.join(', ')}`,
    async () => {
      const found = await examine(hawser.env);
      return expected.every((one) => foundIn(found).includes(one)) && found;
    },
    PATIENCE_MS,
    1_000,
  );
const untilHealthy = (): Promise<unknown> =>
  eventually(
    'the doctor to find nothing',
    async () => {
      const found = foundIn(await examine(hawser.env));
      if (found.length > 0) throw new Error(found.join(', '));
      return true;
    },
    PATIENCE_MS,
    1_000,
  );

/** What the runbook says: Hawser is stopped while a database is put back. */
async function whileStopped(change: () => Promise<void>): Promise<void> {
  const { gateway, workers } = hawser;
  await Promise.all([gateway.stop(), ...workers.map((worker) => worker.stop())]);
  await change();
  await Promise.all([gateway.start(), ...workers.map((worker) => worker.start())]);
}

test("Temporal's database is lost, with a job that was open", async () => {
  await hawser.emulators.revoke('zendesk/acme');
  await newAccount('Open when it was lost');
  await untilJobs(hawser.api, recipe, 'waiting', 1, PATIENCE_MS);
  const open = await eventually(
    'the projection to know of the job',
    async () => (await hawser.api.ok('GET', `/v1/recipes/${recipe}`)).openJobs ?? 1,
    PATIENCE_MS,
  );
  await whileStopped(async () => {
    await temporal.lose();
    expect(foundIn(await examine(hawser.env))).toContain(`namespace_missing ${hawser.namespace}`);
    await makeNamespace(hawser.temporalAddress, hawser.namespace);
  });
  await untilFinds(`actor_lost ${salesforce}`, `actor_lost ${zendesk}`, `actor_lost ${recipe}`);
  const { err } = await examine(hawser.env, '--rebuild');
  expect(err).toContain('Started again: 3 connections, 1 recipes.');
  expect(err).toMatch(/jobs were open and are lost \(records /);
  expect(await jobsOf(hawser.api, recipe)).toEqual([]);
  expect((await authorize(hawser.api, zendesk, ZENDESK_ADMIN)).end.outcome).toBe('in_force');
  await eventually(
    'the spare one to be lost or mended',
    async () => {
      await hawser.api.send('POST', `/v1/connections/${spare}/verify`, {});
      return (await view(spare)).status === 'invalid';
    },
    PATIENCE_MS,
    1_000,
  );
  expect((await authorize(hawser.api, spare, ZENDESK_ADMIN)).end.outcome).toBe('in_force');
  await untilHealthy();
  await newAccount('After the loss');
  await untilJobs(hawser.api, recipe, 'succeeded', 1, PATIENCE_MS);
  recordOutcome('stores', "Temporal's database lost", {
    finding: 'actor_lost',
    openJobs: open,
    restarted: 'connections and recipe; open jobs are named, not restarted',
  });
});

test('the vault is older than its actors', async () => {
  await mongo.backUp();
  await eventually('MongoDB to serve again', () => view(spare), PATIENCE_MS, 500);
  await renew(spare);
  const { version } = await view(spare);
  await whileStopped(() => mongo.restore());
  await untilFinds(`credential_missing ${spare}`);
  const calls = await tokenCalls();
  const { err } = await examine(hawser.env, '--rebuild');
  expect(err).toContain(`${spare}: was told that the vault lacks version ${version}`);
  const lost = await eventually(
    'the loss to be said',
    async () => {
      const seen = await view(spare);
      if (seen.reason?.code === 'rotation_lost') return seen;
      await examine(hawser.env, '--rebuild');
      return false;
    },
    PATIENCE_MS,
    2_000,
  );
  expect(await tokenCalls()).toBe(calls);
  expect((await authorize(hawser.api, spare, ZENDESK_ADMIN)).end.outcome).toBe('in_force');
  expect((await view(spare)).version).toBeGreaterThan(version);
  await untilHealthy();
  recordOutcome('stores', 'the vault older than its actors', {
    finding: 'credential_missing',
    then: `${lost.status}: ${lost.reason.code}`,
    tokenCalls: (await tokenCalls()) - calls,
  });
});

test('Temporal is older than the vault: the newer version is adopted, and no token is spent', async () => {
  await whileStopped(() => temporal.backUp());
  await renew(spare);
  const { version } = await view(spare);
  await whileStopped(() => temporal.restore());
  await untilFinds(`actor_older ${spare}`);
  const calls = await tokenCalls();
  await examine(hawser.env, '--rebuild');
  await eventually(
    'the newer version to be in force',
    async () => (await view(spare)).version >= version,
    PATIENCE_MS,
    1_000,
  );
  await hawser.api.ok('POST', `/v1/connections/${spare}/verify`, {});
  expect(await view(spare)).toMatchObject({ status: 'connected', proof: { accepted: true } });
  expect(await tokenCalls()).toBe(calls);
  await untilHealthy();
  await newAccount('After Temporal went back');
  await untilJobs(hawser.api, recipe, 'succeeded', 2, PATIENCE_MS);
  recordOutcome('stores', 'Temporal older than the vault', {
    finding: 'actor_older',
    then: (await view(spare)).status,
    tokenCalls: (await tokenCalls()) - calls,
  });
});
