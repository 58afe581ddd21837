/** AS-21: the user loses the right: 403, no refresh, not lost; verify before the right is back names it and wakes nobody; after: it passes. */
import { connected, SALESFORCE_ADMIN, statusOf, ZENDESK_ADMIN } from '../support/connect.js';
import { accountsToOrganizations, startedRecipe, untilJobs } from '../support/recipes.js';
import { borrowHawser } from '../support/borrow-hawser.js';
import type { BorrowedHawser } from '../support/start-hawser.js';

let hawser: BorrowedHawser;
beforeAll(async () => void (hawser = await borrowHawser()), 120_000);
afterAll(() => hawser?.stop());

test('AS-21: named object and right, no reconnect, the job goes on after Verify', async () => {
  const { api, emulators } = hawser;
  const salesforce = await connected(api, 'salesforce', SALESFORCE_ADMIN);
  const zendesk = await connected(api, 'zendesk', ZENDESK_ADMIN);
  const recipe = await startedRecipe(api, accountsToOrganizations(salesforce, zendesk, 'now'));
  const rights = (allowed: boolean) =>
    emulators.rights('zendesk/acme', { username: ZENDESK_ADMIN.username, role: allowed ? 'admin' : 'agent' });
  await rights(false);
  await emulators.createRecord('salesforce/production', 'Account', { Name: 'Needs the right' });
  const [waiting] = await untilJobs(api, recipe, 'waiting', 1);
  expect((await api.ok('GET', `/v1/jobs/${waiting.id}`)).waitingFor).toMatchObject({
    code: 'right_missing',
    requirement: 'organizations:write',
  });
  expect(await statusOf(api, zendesk)).toBe('connected');
  const writes = async () =>
    (await emulators.log({ app: 'zendesk' })).filter((entry) => entry.path.includes('create_or_update')).length;
  const sent = await writes();

  const early = await api.ok('POST', `/v1/connections/${zendesk}/verify`, {});
  expect(early.proof).toMatchObject({ accepted: true });
  expect(early.proof.missing.map((entry: any) => entry.requirement)).toContain('organizations:write');
  expect(await writes()).toBe(sent);
  expect((await api.ok('GET', `/v1/jobs/${waiting.id}`)).status).toBe('waiting');

  await rights(true);
  const healed = await api.ok('POST', `/v1/connections/${zendesk}/verify`, {});
  expect(healed.proof.missing).toEqual([]);
  const [done] = await untilJobs(api, recipe, 'succeeded', 1, 20_000);
  expect(done.id).toBe(waiting.id);
  expect((await api.ok('GET', `/v1/connections/${zendesk}`)).version).toBe(1);
  expect((await emulators.counts('zendesk/acme')).byGrantType['refresh_token'] ?? 0).toBe(0);
}, 120_000);
