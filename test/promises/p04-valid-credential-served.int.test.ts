/** Promise 4: a valid credential is always served: while a renewal fails, and when the refresh token is known to be dead. */
import { connected, SALESFORCE_ADMIN, ZENDESK_ADMIN } from '../support/connect.js';
import { eventually } from '../support/eventually.js';
import { accountsToOrganizations, startedRecipe, untilJobs } from '../support/recipes.js';
import { borrowHawser } from '../support/borrow-hawser.js';
import type { BorrowedHawser } from '../support/start-hawser.js';
import { untilOld } from '../support/until-old.js';

let hawser: BorrowedHawser;
let zendesk: string;
let recipe: string;
beforeAll(async () => {
  hawser = await borrowHawser();
  const salesforce = await connected(hawser.api, 'salesforce', SALESFORCE_ADMIN);
  zendesk = await connected(hawser.api, 'zendesk', ZENDESK_ADMIN);
  recipe = await startedRecipe(hawser.api, accountsToOrganizations(salesforce, zendesk, 'now'));
}, 300_000);
afterAll(() => hawser?.stop(), 100_000);

const view = () => hawser.api.ok('GET', `/v1/connections/${zendesk}`);
const tokenCalls = () => hawser.emulators.refreshes('zendesk/acme');

test('p04: the token endpoint fails: degraded, jobs go on with the living token, and it heals by itself', async () => {
  const { api, emulators } = hawser;
  await emulators.fault({
    app: 'zendesk',
    path: '/oauth/tokens',
    kind: 'status',
    status: 429,
    headers: { 'retry-after': '1' },
    body: 'Too many',
    times: 3,
  });
  const asked = await api.ok('POST', `/v1/connections/${zendesk}/refresh`, {});
  expect(asked).toMatchObject({ status: 'degraded', version: 1 });
  await emulators.createRecord('salesforce/production', 'Account', { Name: 'Served while renewal fails' });
  await untilJobs(api, recipe, 'succeeded', 1);
  await eventually('the renewal to heal by itself', async () => {
    const seen = await view();
    return seen.status === 'connected' && seen.version > 1;
  });
}, 300_000);

test('p04: the refresh token is known to be dead: degraded, no token call, jobs go on; the first rejection ends it', async () => {
  const { api, emulators } = hawser;
  // A version that was just renewed would be proven, not renewed.
  await untilOld(api, zendesk);
  await emulators.fault({
    app: 'zendesk',
    path: '/oauth/tokens',
    kind: 'status',
    status: 400,
    headers: { 'content-type': 'application/json' },
    body: { error: 'invalid_grant', error_description: 'revoked' },
    times: 1,
  });
  const asked = await api.ok('POST', `/v1/connections/${zendesk}/refresh`, {});
  expect(asked).toMatchObject({ status: 'degraded', reason: { code: 'grant_revoked' } });
  const calls = await tokenCalls();
  await emulators.createRecord('salesforce/production', 'Account', { Name: 'Served with a dead refresh token' });
  await untilJobs(api, recipe, 'succeeded', 2);
  await api.send('POST', `/v1/connections/${zendesk}/refresh`, {});
  expect(await tokenCalls()).toBe(calls);
  expect((await view()).status).toBe('degraded');
  await emulators.expireAccessTokens('zendesk/acme');
  await emulators.createRecord('salesforce/production', 'Account', { Name: 'After its end' });
  await eventually('invalid at the first rejection', async () => (await view()).status === 'invalid');
  expect((await view()).reason.code).toBe('grant_revoked');
  expect(await tokenCalls()).toBe(calls);
}, 300_000);
