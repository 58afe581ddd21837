/** A recipe that waits for a right: every view of it, of its connection and of what is bound tells the same, with what to do. */
import { borrowHawser } from '../support/borrow-hawser.js';
import { connected, SALESFORCE_ADMIN, ZENDESK_ADMIN } from '../support/connect.js';
import { eventually } from '../support/eventually.js';
import { accountsToOrganizations, startedRecipe } from '../support/recipes.js';
import type { BorrowedHawser } from '../support/start-hawser.js';

let hawser: BorrowedHawser;
beforeAll(async () => void (hawser = await borrowHawser('brief')), 120_000);
afterAll(() => hawser?.stop());

test('g34: told before a verification, after it, and no more once the right is given', async () => {
  const { api, emulators } = hawser;
  const salesforce = await connected(api, 'salesforce', SALESFORCE_ADMIN);
  const zendesk = await connected(api, 'zendesk', ZENDESK_ADMIN);
  const recipe = await startedRecipe(api, accountsToOrganizations(salesforce, zendesk, 'now'));
  const mayRead = (read: boolean) =>
    emulators.rights('salesforce/production', { username: SALESFORCE_ADMIN.username, object: 'Account', read });
  const connections = () => api.ok('GET', `/v1/recipes/${recipe}/connections`);
  expect((await connections()).ready).toBe(true);

  await mayRead(false);
  await eventually(
    'the recipe to wait',
    async () => (await api.ok('GET', `/v1/recipes/${recipe}`)).status === 'waiting',
  );
  const told = { action: 'verify', code: 'right_missing', missing: [{ requirement: 'Account:read' }] };
  const expectTold = async (): Promise<void> => {
    expect(await connections()).toMatchObject({
      ready: false,
      items: [
        { binding: 'salesforce', connected: true, ...told },
        { binding: 'zendesk', action: 'none' },
      ],
    });
    const step = /Account.*press Verify/;
    // Visibility lags by a moment.
    await eventually('the connection to tell', async () =>
      step.test((await api.ok('GET', `/v1/connections/${salesforce}`)).nextStep),
    );
    const { items } = await api.ok('GET', '/v1/connections');
    expect(items.find((item: any) => item.id === salesforce).nextStep).toMatch(step);
  };
  await expectTold();
  await api.ok('POST', `/v1/connections/${salesforce}/verify`, {});
  await expectTold();

  await mayRead(true);
  expect((await api.ok('POST', `/v1/connections/${salesforce}/verify`, {})).nextStep).not.toMatch(/Account/);
  await eventually(
    'the recipe to run',
    async () => (await api.ok('GET', `/v1/recipes/${recipe}`)).status === 'running',
  );
  await eventually('all to be well', async () => (await connections()).ready);
}, 90_000);
