/** AS-26: impact first, then no call leaves with the old token, revoked at the app; reconnect needs no rebinding. Delete leaves a tombstone. */
import { authorize, connected, SALESFORCE_ADMIN, ZENDESK_ADMIN } from '../support/connect.js';
import { eventually } from '../support/eventually.js';
import { accountsToOrganizations, startedRecipe, untilJobs } from '../support/recipes.js';
import { borrowHawser } from '../support/borrow-hawser.js';
import type { BorrowedHawser } from '../support/start-hawser.js';

let hawser: BorrowedHawser;
beforeAll(async () => void (hawser = await borrowHawser('brief')), 120_000);
afterAll(() => hawser?.stop());

test('AS-26: disconnect, reconnect, delete', async () => {
  const { api, emulators } = hawser;
  const salesforce = await connected(api, 'salesforce', SALESFORCE_ADMIN);
  const zendesk = await connected(api, 'zendesk', ZENDESK_ADMIN);
  const recipe = await startedRecipe(api, accountsToOrganizations(salesforce, zendesk, 'now'));
  const impact = await api.send('POST', `/v1/connections/${zendesk}/disconnect`, {});
  expect(impact.status).toBe(409);
  expect(JSON.stringify(impact.body)).toContain(recipe);
  const done = await api.ok('POST', `/v1/connections/${zendesk}/disconnect`, { confirm: true });
  expect(done.status).toBe('disconnected');
  expect(done.settledAt).toBeGreaterThan(Date.now());
  await eventually(
    'the grant to be revoked at the app',
    async () => (await emulators.counts('zendesk/acme')).revokes >= 1,
  );
  await eventually(
    'the recipe to wait',
    async () => (await api.ok('GET', `/v1/recipes/${recipe}`)).status === 'waiting',
  );
  const calls = async () =>
    (await emulators.log({ app: 'zendesk' })).filter((entry) => entry.path.startsWith('/api/v2/organizations')).length;
  const before = await calls();
  await emulators.createRecord('salesforce/production', 'Account', { Name: 'While disconnected' });
  const { end } = await authorize(api, zendesk, ZENDESK_ADMIN);
  expect(end.outcome).toBe('in_force');
  await untilJobs(api, recipe, 'succeeded', 1);
  expect(await calls()).toBe(before + 1);

  const refused = await api.send('DELETE', `/v1/connections/${zendesk}`);
  expect(refused.status).toBe(409);
  expect(refused.body.code).toBe('in_use');
  const deleted = await api.send('DELETE', `/v1/connections/${zendesk}?force=true`);
  expect(deleted.status).toBeLessThan(300);
  await eventually(
    'the connection to be gone',
    async () => (await api.send('GET', `/v1/connections/${zendesk}`)).status === 404,
  );
  await eventually('the recipe to say so', async () => {
    const view = await api.ok('GET', `/v1/recipes/${recipe}`);
    return view.status === 'waiting' && view.waitingFor?.code === 'connection_deleted';
  });
}, 120_000);
