/** AS-04: three recipes on one Salesforce connection: after a reconnect id and bindings are the same, and all three use the new credential. */
import { authorize, connected, SALESFORCE_ADMIN, statusOf } from '../support/connect.js';
import { eventually } from '../support/eventually.js';
import { startedRecipe, untilJobs } from '../support/recipes.js';
import { borrowHawser } from '../support/borrow-hawser.js';
import type { BorrowedHawser } from '../support/start-hawser.js';

let hawser: BorrowedHawser;
beforeAll(async () => void (hawser = await borrowHawser()), 120_000);
afterAll(() => hawser?.stop(), 60_000);

const accountsToContacts = (connectionId: string, number: number): any => ({
  name: `Accounts -> contacts ${number}`,
  definition: {
    trigger: { binding: 'salesforce', operation: 'new_or_updated_account', input: { since: 'now' } },
    steps: [
      {
        id: 'contact',
        binding: 'salesforce',
        operation: 'create_record',
        input: { object: '"Contact"', fields: `{ "LastName": trigger.Name & " ${number}" }` },
      },
    ],
    concurrency: 5,
  },
  bindings: { salesforce: { app: 'salesforce', connectionId } },
});

test('AS-04: used by three, reconnected once', async () => {
  const { api, emulators } = hawser;
  const salesforce = await connected(api, 'salesforce', SALESFORCE_ADMIN);
  const recipes = await Promise.all(
    [1, 2, 3].map((number) => startedRecipe(api, accountsToContacts(salesforce, number))),
  );
  const usedBy = async (): Promise<string[]> =>
    (await api.ok('GET', `/v1/connections/${salesforce}/usage`)).recipes.map(({ id }: { id: string }) => id).sort();
  expect(await usedBy()).toEqual([...recipes].sort());
  const bindings = async () =>
    Promise.all(recipes.map(async (id) => (await api.ok('GET', `/v1/recipes/${id}`)).bindings));
  const before = {
    bindings: await bindings(),
    version: (await api.ok('GET', `/v1/connections/${salesforce}`)).version,
  };

  await emulators.revoke('salesforce/production');
  await api.send('POST', `/v1/connections/${salesforce}/verify`, {});
  await eventually('the connection to be lost', async () => (await statusOf(api, salesforce)) === 'invalid');
  for (const id of recipes)
    await eventually(
      'the recipe to wait',
      async () => (await api.ok('GET', `/v1/recipes/${id}`)).status === 'waiting',
      60_000,
    );

  expect((await authorize(api, salesforce, SALESFORCE_ADMIN)).end.outcome).toBe('in_force');
  const { id, version, status } = await api.ok('GET', `/v1/connections/${salesforce}`);
  expect({ id, status }).toEqual({ id: salesforce, status: 'connected' });
  expect(version).toBeGreaterThan(before.version);
  expect(await bindings()).toEqual(before.bindings);
  expect(await usedBy()).toHaveLength(3);

  await emulators.createRecord('salesforce/production', 'Account', { Name: 'For all three' });
  for (const recipe of recipes) {
    const [job] = await untilJobs(api, recipe, 'succeeded', 1);
    expect((await api.ok('GET', `/v1/jobs/${job.id}`)).steps[0]).toMatchObject({ connectionId: salesforce, version });
  }
  const contacts = (await emulators.records('salesforce/production', 'Contact')).map(({ LastName }) => LastName);
  expect(contacts).toEqual(expect.arrayContaining(['For all three 1', 'For all three 2', 'For all three 3']));
}, 180_000);
