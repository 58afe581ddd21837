/** AS-05: a running recipe moves from production to the sandbox: calls go to the new host only, and nothing of the old one leaks. */
import { connected, SALESFORCE_ADMIN, ZENDESK_ADMIN } from '../support/connect.js';
import { eventually } from '../support/eventually.js';
import { accountsToOrganizations, jobsOf, startedRecipe, untilJobs } from '../support/recipes.js';
import { borrowHawser } from '../support/borrow-hawser.js';
import type { BorrowedHawser } from '../support/start-hawser.js';

let hawser: BorrowedHawser;
beforeAll(async () => void (hawser = await borrowHawser()), 120_000);
afterAll(() => hawser?.stop(), 60_000);

const SANDBOX_ADMIN = { ...SALESFORCE_ADMIN, username: `${SALESFORCE_ADMIN.username}.uat` };
const lastSeq = async (): Promise<number> => (await hawser.emulators.log()).at(-1)?.seq ?? 0;
const calls = (org: string, since: number) =>
  hawser.emulators.log({ app: 'salesforce', org, since, path: '/services/data/' });

test('AS-05: there and back again, while it runs', async () => {
  const { api, emulators } = hawser;
  const production = await connected(api, 'salesforce', SALESFORCE_ADMIN, 'Production');
  const sandbox = await connected(api, 'salesforce', SANDBOX_ADMIN, 'Sandbox', { environment: 'sandbox' });
  const zendesk = await connected(api, 'zendesk', ZENDESK_ADMIN);
  const definition = accountsToOrganizations(production, zendesk);
  const recipe = await startedRecipe(api, definition);
  await untilJobs(api, recipe, 'succeeded', 12);
  const moveTo = (connectionId: string) =>
    api.ok('PATCH', `/v1/recipes/${recipe}`, {
      bindings: { ...definition.bindings, salesforce: { app: 'salesforce', connectionId } },
    });
  const untilPolls = (org: string, since: number) =>
    eventually(`a poll of ${org}`, async () => (await calls(org, since)).some(({ path }) => path.endsWith('/query')));

  // The sandbox's accounts are older than production's cursor: had it leaked, they would not be seen.
  let seq = await lastSeq();
  expect((await moveTo(sandbox)).status).toBe('running');
  await untilJobs(api, recipe, 'succeeded', 15);
  const names = async (): Promise<string[]> =>
    (await emulators.records('zendesk/acme', 'organizations')).map(({ name }) => name);
  expect(await names()).toEqual(expect.arrayContaining(['Sandbox Shipyard', 'Sandbox Bakery', 'Sandbox Clinic']));
  await untilPolls('sandbox', seq);
  seq = await lastSeq();
  await emulators.createRecord('salesforce/production', 'Account', { Name: 'Unseen for now' });
  await untilPolls('sandbox', seq);
  expect(await calls('production', seq)).toEqual([]);
  expect((await calls('sandbox', seq)).map(({ host }) => host)).toEqual(
    expect.arrayContaining([expect.stringContaining('sandbox')]),
  );

  // Metadata is the instance's own.
  seq = await lastSeq();
  await api.ok('GET', `/v1/connections/${sandbox}/metadata/objects/Account`);
  expect(await calls('production', seq)).toEqual([]);

  // Back again: production goes on where it stood; nothing is done twice, and what came meanwhile is found.
  await moveTo(production);
  await untilJobs(api, recipe, 'succeeded', 16);
  expect(await jobsOf(api, recipe)).toHaveLength(16);
  expect((await names()).filter((name) => name === 'Unseen for now')).toHaveLength(1);
  expect((await emulators.counts('zendesk/acme')).accepted['organizations.create_or_update']).toBe(16);
}, 180_000);
