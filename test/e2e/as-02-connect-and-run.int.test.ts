/** AS-02: connect in the browser, the picklist fills, one job per account and one organization per job. */
import { connected, createConnection, authorize, SALESFORCE_ADMIN, ZENDESK_ADMIN } from '../support/connect.js';
import { accountsToOrganizations, createRecipe, jobsOf, untilJobs } from '../support/recipes.js';
import { borrowHawser } from '../support/borrow-hawser.js';
import type { BorrowedHawser } from '../support/start-hawser.js';

let hawser: BorrowedHawser;
beforeAll(async () => void (hawser = await borrowHawser()), 120_000);
afterAll(() => hawser?.stop());

test('AS-02: 12 seeded accounts become 12 organizations, and a new account exactly one more', async () => {
  const { api, emulators } = hawser;
  const zendesk = await connected(api, 'zendesk', ZENDESK_ADMIN);
  const salesforce = await createConnection(api, 'salesforce', 'Salesforce');
  const recipe = await createRecipe(api, accountsToOrganizations(salesforce, zendesk));

  const { end, page } = await authorize(api, salesforce, SALESFORCE_ADMIN);
  expect(end.outcome).toBe('in_force');
  expect(page.html).not.toContain(SALESFORCE_ADMIN.password);
  const view = await api.ok('GET', `/v1/connections/${salesforce}`);
  expect(view).toMatchObject({
    status: 'connected',
    version: 1,
    account: { label: expect.stringContaining('admin@hawser-dev.example') },
  });

  const objects = await api.ok('GET', `/v1/connections/${salesforce}/metadata/objects`);
  const names = objects.items.map((item: any) => item.name);
  expect(names).toEqual(expect.arrayContaining(['Account', 'Shipment__c']));
  const account = await api.ok('GET', `/v1/connections/${salesforce}/metadata/objects/Account`);
  expect(JSON.stringify(account)).toContain('Industry');

  const industries = await api.ok(
    'GET',
    `/v1/connections/${salesforce}/metadata/picklists/picklist_values?object=Account&field=Industry`,
  );
  expect(industries.items.length).toBeGreaterThan(3);
  expect(industries.items[0]).toEqual({ value: expect.any(String), label: expect.any(String) });

  await api.ok('POST', `/v1/recipes/${recipe}/start`, {});
  await untilJobs(api, recipe, 'succeeded', 12);
  const organizations = await emulators.records('zendesk/acme', 'organizations');
  expect(organizations).toHaveLength(12);

  await emulators.createRecord('salesforce/production', 'Account', { Name: 'Thirteenth' });
  await untilJobs(api, recipe, 'succeeded', 13);
  const after = await emulators.records('zendesk/acme', 'organizations');
  expect(after.filter((organization) => organization.name === 'Thirteenth')).toHaveLength(1);
  expect(await jobsOf(api, recipe)).toHaveLength(13);
  // Never the password: not in any answer, log or log of requests of ours.
  expect(hawser.logs()).not.toContain(SALESFORCE_ADMIN.password);
}, 120_000);
