/** AS-09: verify on demand, at recipe start, and at a rerun: once each, result and time shown, failure blocks with one reason. */
import { connected, SALESFORCE_ADMIN, ZENDESK_ADMIN } from '../support/connect.js';
import { accountsToOrganizations, createRecipe, untilJobs } from '../support/recipes.js';
import { borrowHawser } from '../support/borrow-hawser.js';
import type { BorrowedHawser } from '../support/start-hawser.js';

let hawser: BorrowedHawser;
beforeAll(async () => void (hawser = await borrowHawser()), 120_000);
afterAll(() => hawser?.stop());

const proofs = async () =>
  (await hawser.emulators.log({ app: 'zendesk' })).filter((entry) => entry.path.startsWith('/api/v2/users/me')).length;

test('AS-09: pressed, at start, and before a rerun', async () => {
  const { api, emulators } = hawser;
  const salesforce = await connected(api, 'salesforce', SALESFORCE_ADMIN);
  const zendesk = await connected(api, 'zendesk', ZENDESK_ADMIN);
  let seen = await proofs();
  const pressed = await api.ok('POST', `/v1/connections/${zendesk}/verify`, {});
  expect(pressed.proof).toMatchObject({ accepted: true });
  expect(pressed.proof.at).toBeGreaterThan(Date.now() - 30_000);
  expect(await proofs()).toBe(seen + 1);

  const recipe = await createRecipe(api, accountsToOrganizations(salesforce, zendesk, 'now'));
  await emulators.rights('zendesk/acme', { username: ZENDESK_ADMIN.username, role: 'agent' });
  const refused = await api.send('POST', `/v1/recipes/${recipe}/start`, {});
  expect(refused.status).toBe(409);
  expect(refused.body.code).toBe('right_missing');
  expect(JSON.stringify(refused.body)).toContain('organizations');
  await emulators.rights('zendesk/acme', { username: ZENDESK_ADMIN.username, role: 'admin' });
  seen = await proofs();
  await api.ok('POST', `/v1/recipes/${recipe}/start`, {});
  expect(await proofs()).toBe(seen + 1);

  await emulators.fault({
    app: 'zendesk',
    path: '/api/v2/organizations/create_or_update',
    kind: 'status',
    status: 422,
    body: {
      error: 'RecordInvalid',
      description: 'Record validation errors',
      details: { name: [{ description: 'Name: is bad', error: 'InvalidValue' }] },
    },
    times: 1,
  });
  await emulators.createRecord('salesforce/production', 'Account', { Name: 'Rerun me' });
  const [failed] = await untilJobs(api, recipe, 'failed', 1);
  seen = await proofs();
  const rerun = await api.send('POST', `/v1/jobs/${failed.id}/rerun`, {});
  expect(rerun.status).toBeLessThan(300);
  expect(await proofs()).toBe(seen + 1);
  const [done] = await untilJobs(api, recipe, 'succeeded', 1);
  expect(done.id).toBe(failed.id);
  expect(await api.ok('GET', `/v1/jobs/${failed.id}`)).toMatchObject({ status: 'succeeded', reruns: 1 });
}, 120_000);
