/** AS-20: the password is changed at the app: lost with reason and time, shown at design time; after reconnect same id and all goes on. */
import { authorize, connected, SALESFORCE_ADMIN, ZENDESK_ADMIN } from '../support/connect.js';
import { eventually } from '../support/eventually.js';
import { accountsToOrganizations, startedRecipe, untilJobs } from '../support/recipes.js';
import { borrowHawser } from '../support/borrow-hawser.js';
import type { BorrowedHawser } from '../support/start-hawser.js';

let hawser: BorrowedHawser;
beforeAll(async () => void (hawser = await borrowHawser()), 120_000);
afterAll(() => hawser?.stop());

test('AS-20: a parked job goes on by itself, at the very step, once the connection is healed', async () => {
  const { api, emulators } = hawser;
  const salesforce = await connected(api, 'salesforce', SALESFORCE_ADMIN);
  const zendesk = await connected(api, 'zendesk', ZENDESK_ADMIN);
  const recipe = await startedRecipe(api, accountsToOrganizations(salesforce, zendesk, 'now'));
  await emulators.changePassword('zendesk/acme', ZENDESK_ADMIN.username, 'changed-1');
  await emulators.createRecord('salesforce/production', 'Account', { Name: 'While the password changed' });

  const lost = await eventually('the connection to be lost', async () => {
    const view = await api.ok('GET', `/v1/connections/${zendesk}`);
    return view.status === 'invalid' && view;
  });
  expect(lost.reason.code).toBe('grant_revoked');
  expect(lost.since).toBeGreaterThan(0);
  const [waiting] = await untilJobs(api, recipe, 'waiting', 1);
  expect((await api.ok('GET', `/v1/jobs/${waiting.id}`)).waitingFor).toMatchObject({
    connectionId: zendesk,
    code: 'grant_revoked',
  });
  const view = await api.ok('GET', `/v1/recipes/${recipe}/connections`);
  expect(view.items.find((item: any) => item.binding === 'zendesk')).toMatchObject({
    connected: false,
    action: 'reconnect',
  });
  await eventually(
    'the parked job to be counted',
    async () => (await api.ok('GET', `/v1/connections/${zendesk}`)).parked.jobs === 1,
  );

  // A dead grant is left alone: nothing is sent while it is invalid (promise 7).
  const before = (await emulators.log({ app: 'zendesk' })).length;
  await api.send('POST', `/v1/connections/${zendesk}/refresh`, {});
  const quiet = (await emulators.log({ app: 'zendesk' })).filter((entry) => entry.grantType === 'refresh_token');
  expect(quiet.length).toBeLessThanOrEqual(before);

  const { end } = await authorize(api, zendesk, { ...ZENDESK_ADMIN, password: 'changed-1' });
  expect(end.outcome).toBe('in_force');
  const [done] = await untilJobs(api, recipe, 'succeeded', 1);
  expect(done.id).toBe(waiting.id);
  expect((await emulators.records('zendesk/acme', 'organizations')).map((organization) => organization.name)).toEqual([
    'While the password changed',
  ]);
  expect(await api.ok('GET', `/v1/connections/${zendesk}`)).toMatchObject({
    id: zendesk,
    status: 'connected',
    reason: null,
  });
}, 120_000);
