/** Promise 9: the same id for life: however often it is reconnected, renamed or lost, bindings never break. */
import { authorize, connected, SALESFORCE_ADMIN, ZENDESK_ADMIN } from '../support/connect.js';
import { eventually } from '../support/eventually.js';
import { accountsToOrganizations, startedRecipe, untilJobs } from '../support/recipes.js';
import { borrowHawser } from '../support/borrow-hawser.js';
import type { BorrowedHawser } from '../support/start-hawser.js';

let hawser: BorrowedHawser;
beforeAll(async () => void (hawser = await borrowHawser('brief')), 120_000);
afterAll(() => hawser?.stop());

test('p09: reconnected, renamed, disconnected, reconnected: the recipe runs on the same binding each time', async () => {
  const { api, emulators } = hawser;
  const salesforce = await connected(api, 'salesforce', SALESFORCE_ADMIN);
  const zendesk = await connected(api, 'zendesk', ZENDESK_ADMIN);
  const recipe = await startedRecipe(api, accountsToOrganizations(salesforce, zendesk, 'now'));
  const bindings = (await api.ok('GET', `/v1/recipes/${recipe}`)).bindings;
  let expected = 0;
  const works = async (what: string) => {
    await emulators.createRecord('salesforce/production', 'Account', { Name: what });
    expected += 1;
    await untilJobs(api, recipe, 'succeeded', expected);
    expect((await api.ok('GET', `/v1/recipes/${recipe}`)).bindings).toEqual(bindings);
    expect(await api.ok('GET', `/v1/connections/${zendesk}`)).toMatchObject({ id: zendesk, status: 'connected' });
  };
  await works('At first');
  await authorize(api, zendesk, ZENDESK_ADMIN);
  await works('After a reconnect');
  await api.ok('PATCH', `/v1/connections/${zendesk}`, { name: 'Another name' });
  await works('After a rename');
  await api.ok('POST', `/v1/connections/${zendesk}/disconnect`, { confirm: true });
  await eventually(
    'the recipe to wait',
    async () => (await api.ok('GET', `/v1/recipes/${recipe}`)).status === 'waiting',
    60_000,
  );
  await authorize(api, zendesk, ZENDESK_ADMIN);
  await works('After a disconnect and a reconnect');
  const versions = (await api.ok('GET', `/v1/connections/${zendesk}`)).version;
  expect(versions).toBe(3);
}, 180_000);
