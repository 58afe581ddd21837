/** Promise 2: any number of callers with an expired token cause exactly one call to the token endpoint. */
import { connected, SALESFORCE_ADMIN, ZENDESK_ADMIN } from '../support/connect.js';
import { accountsToOrganizations, startedRecipe, untilJobs } from '../support/recipes.js';
import { startHawser, type Hawser } from '../support/start-hawser.js';

let hawser: Hawser;
beforeAll(async () => void (hawser = await startHawser('two workers', { workers: 2 })), 120_000);
afterAll(() => hawser?.stop());

test('p02: 20 jobs on two workers and 30 callers of the API: one token call, all are served', async () => {
  const { api, emulators } = hawser;
  const salesforce = await connected(api, 'salesforce', SALESFORCE_ADMIN);
  const zendesk = await connected(api, 'zendesk', ZENDESK_ADMIN);
  const recipe = await startedRecipe(api, accountsToOrganizations(salesforce, zendesk, 'now', 20));
  // A slow token endpoint, so that all of them come while the one renewal is under way.
  await emulators.fault({ app: 'zendesk', path: '/oauth/tokens', kind: 'delay', delayMs: 3_000, times: -1 });
  await emulators.expireAccessTokens('zendesk/acme');
  const created = Array.from({ length: 20 }, (_, index) =>
    emulators.createRecord('salesforce/production', 'Account', { Name: `Herd ${index}` }),
  );
  await Promise.all(created);
  const seenVersion = 1;
  const callers = Array.from({ length: 30 }, () => api.send('POST', `/v1/connections/${zendesk}/refresh`, {}));
  await untilJobs(api, recipe, 'succeeded', 20);
  const answers = await Promise.all(callers);
  expect(answers.every((answer) => answer.status === 200)).toBe(true);
  expect((await emulators.counts('zendesk/acme')).byGrantType['refresh_token']).toBe(1);
  expect((await api.ok('GET', `/v1/connections/${zendesk}`)).version).toBe(seenVersion + 1);
  expect(await emulators.records('zendesk/acme', 'organizations')).toHaveLength(20);
}, 120_000);
