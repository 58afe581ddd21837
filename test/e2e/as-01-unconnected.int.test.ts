/** AS-01: Zendesk connected, Salesforce not: Connect is offered, metadata says why there is none, Start is refused naming Salesforce. */
import { connected, createConnection, ZENDESK_ADMIN } from '../support/connect.js';
import { accountsToOrganizations, createRecipe } from '../support/recipes.js';
import { borrowHawser } from '../support/borrow-hawser.js';
import type { BorrowedHawser } from '../support/start-hawser.js';

let hawser: BorrowedHawser;
beforeAll(async () => void (hawser = await borrowHawser()), 120_000);
afterAll(() => hawser?.stop());

test('AS-01: the Connections view shows what to press, and Start names Salesforce', async () => {
  const { api } = hawser;
  const zendesk = await connected(api, 'zendesk', ZENDESK_ADMIN);
  const salesforce = await createConnection(api, 'salesforce', 'Salesforce');
  const recipe = await createRecipe(api, accountsToOrganizations(salesforce, zendesk));

  const view = await api.ok('GET', `/v1/recipes/${recipe}/connections`);
  const row = (binding: string) => view.items.find((item: any) => item.binding === binding);
  expect(view.ready).toBe(false);
  expect(row('zendesk')).toMatchObject({ connected: true, status: 'connected', action: 'none' });
  expect(row('salesforce')).toMatchObject({ connected: false, status: 'draft', action: 'connect' });

  const objects = await api.send('GET', `/v1/connections/${salesforce}/metadata/objects`);
  expect(objects.status).toBe(409);
  expect(objects.body).toMatchObject({ code: 'not_connected' });
  expect(JSON.stringify(objects.body)).toMatch(/connect/i);

  const start = await api.send('POST', `/v1/recipes/${recipe}/start`, {});
  expect(start.status).toBe(409);
  expect(start.body.code).toBe('not_connected');
  expect(start.body.bindings).toHaveLength(1);
  expect(JSON.stringify(start.body)).toContain('salesforce');
  expect((await api.ok('GET', `/v1/recipes/${recipe}`)).status).toBe('stopped');
}, 60_000);

test('AS-01: a binding with no connection at all is named too', async () => {
  const { api } = hawser;
  const recipe = await createRecipe(api, accountsToOrganizations(null, null));
  const start = await api.send('POST', `/v1/recipes/${recipe}/start`, {});
  expect(start.status).toBe(409);
  expect(start.body.bindings.map((item: any) => item.binding).sort()).toEqual(['salesforce', 'zendesk']);
}, 60_000);
