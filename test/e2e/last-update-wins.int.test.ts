/** One record is updated three times while the target connection is invalid: the last update wins, and the order of its events is kept. */
import { authorize, connected, SALESFORCE_ADMIN, statusOf, ZENDESK_ADMIN } from '../support/connect.js';
import { eventually } from '../support/eventually.js';
import { accountsToOrganizations, jobsOf, startedRecipe, untilJobs } from '../support/recipes.js';
import { borrowHawser } from '../support/borrow-hawser.js';
import type { BorrowedHawser } from '../support/start-hawser.js';

let hawser: BorrowedHawser;
let zendesk: string;
let recipe: string;
beforeAll(async () => {
  // A short lease: the poll hears of the loss soon, although no job tells it.
  hawser = await borrowHawser('brief');
  const salesforce = await connected(hawser.api, 'salesforce', SALESFORCE_ADMIN);
  zendesk = await connected(hawser.api, 'zendesk', ZENDESK_ADMIN);
  recipe = await startedRecipe(hawser.api, accountsToOrganizations(salesforce, zendesk, 'now'));
}, 180_000);
afterAll(() => hawser?.stop());

const update = (id: string, Name: string): Promise<void> =>
  hawser.emulators.changeRecord('salesforce/production', 'Account', id, { Name });
const organizations = async (): Promise<string[]> =>
  (await hawser.emulators.records('zendesk/acme', 'organizations')).map(({ name }) => name);
const untilInvalid = () =>
  eventually('the connection to be lost', async () => (await statusOf(hawser.api, zendesk)) === 'invalid');

/** Names that Zendesk accepted, in their order. */
const written = async (since: number): Promise<string[]> =>
  (await hawser.emulators.log({ app: 'zendesk', since }))
    .filter(({ accepted }) => accepted === 'organizations.create_or_update')
    .map(({ body }) => body.organization.name);
const lastSeq = async (): Promise<number> => (await hawser.emulators.log()).at(-1)?.seq ?? 0;

test('the jobs of three updates wait in a row: they run in the order of the updates', async () => {
  const { api, emulators } = hawser;
  const seq = await lastSeq();
  // Holds the first job back so long that the other two events get their jobs before the connection is lost.
  await emulators.fault({
    app: 'zendesk',
    path: '/api/v2/organizations/create_or_update',
    kind: 'status',
    status: 503,
    headers: { 'retry-after': '2' },
    body: 'busy',
    times: -1,
  });
  const account = await emulators.createRecord('salesforce/production', 'Account', { Name: 'First' });
  await eventually('a job of the first event', async () => (await jobsOf(api, recipe)).length === 1);
  await update(account.Id, 'Second');
  await eventually('a job of the second event', async () => (await jobsOf(api, recipe)).length === 2);
  await update(account.Id, 'Third');
  await eventually('a job of the third event', async () => (await jobsOf(api, recipe)).length === 3);
  await emulators.revoke('zendesk/acme');
  await emulators.clearFaults();
  await untilInvalid();
  await untilJobs(api, recipe, 'waiting', 1);
  expect(await written(seq)).toEqual([]);

  expect((await authorize(api, zendesk, ZENDESK_ADMIN)).end.outcome).toBe('in_force');
  await untilJobs(api, recipe, 'succeeded', 3);
  expect(await written(seq)).toEqual(['First', 'Second', 'Third']);
  expect(await organizations()).toEqual(['Third']);
}, 120_000);

test('three updates after the loss: polling waits, the backlog stays in the app, and the last one is what arrives', async () => {
  const { api, emulators } = hawser;
  const account = await emulators.createRecord('salesforce/production', 'Account', { Name: 'Before' });
  await untilJobs(api, recipe, 'succeeded', 4);
  const seq = await lastSeq();
  await emulators.revoke('zendesk/acme');
  await api.send('POST', `/v1/connections/${zendesk}/verify`, {});
  await untilInvalid();
  await eventually(
    'the recipe to wait',
    async () => (await api.ok('GET', `/v1/recipes/${recipe}`)).status === 'waiting',
  );
  for (const name of ['One', 'Two', 'Three']) await update(account.Id, name);
  expect(await jobsOf(api, recipe)).toHaveLength(4);

  expect((await authorize(api, zendesk, ZENDESK_ADMIN)).end.outcome).toBe('in_force');
  await untilJobs(api, recipe, 'succeeded', 5);
  expect(await written(seq)).toEqual(['Three']);
  expect(await jobsOf(api, recipe)).toHaveLength(5);
  expect((await organizations()).sort()).toEqual(['Third', 'Three']);
}, 120_000);
