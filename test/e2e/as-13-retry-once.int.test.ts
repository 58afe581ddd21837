/** AS-13: an expired token costs exactly send, refresh, send; a second 401 ends with the API's error; a 403 costs one send and no refresh. */
import { connected, SALESFORCE_ADMIN, statusOf, ZENDESK_ADMIN } from '../support/connect.js';
import { accountsToOrganizations, jobsOf, startedRecipe, untilJobs } from '../support/recipes.js';
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
}, 180_000);
afterAll(() => hawser?.stop());

const writes = async (since: number) =>
  (await hawser.emulators.log({ app: 'zendesk', since })).filter((entry) =>
    entry.path.includes('/organizations/create_or_update'),
  );
const lastSeq = async () => (await hawser.emulators.log()).at(-1)?.seq ?? 0;
const refreshes = () => hawser.emulators.refreshes('zendesk/acme');

test('AS-13: expired token -> send, refresh, send, success, tokens stored', async () => {
  const { api, emulators } = hawser;
  const before = await refreshes();
  const version = (await api.ok('GET', `/v1/connections/${zendesk}`)).version;
  await emulators.expireAccessTokens('zendesk/acme');
  const seq = await lastSeq();
  await emulators.createRecord('salesforce/production', 'Account', { Name: 'Retry once' });
  await untilJobs(api, recipe, 'succeeded', 1);
  expect((await writes(seq)).map((entry) => entry.status)).toEqual([401, expect.any(Number)]);
  expect(await refreshes()).toBe(before + 1);
  expect((await api.ok('GET', `/v1/connections/${zendesk}`)).version).toBe(version + 1);
}, 90_000);

test('AS-13 g22: 401 that persists -> two sends, one refresh; the same once more when the new token has settled; then the error of the app; the connection proves itself and stays', async () => {
  const { api, emulators } = hawser;
  const before = await refreshes();
  const seq = await lastSeq();
  await emulators.fault({
    app: 'zendesk',
    path: '/api/v2/organizations/create_or_update',
    kind: 'status',
    status: 401,
    headers: { 'content-type': 'application/json' },
    body: { error: 'invalid_token', error_description: 'No.' },
    times: -1,
  });
  // Past the earliest useful refresh of the version that the first test brought.
  await untilOld(api, zendesk);
  await emulators.createRecord('salesforce/production', 'Account', { Name: 'Twice refused' });
  const failed = await untilJobs(api, recipe, 'failed', 1);
  await emulators.clearFaults();
  expect(await writes(seq)).toHaveLength(4);
  expect(await refreshes()).toBe(before + 2);
  const job = await api.ok('GET', `/v1/jobs/${failed[0].id}`);
  expect(job.error.code).toBe('rejected_though_proven');
  expect(job.error.text).toMatch(/renewed.*verified/);
  expect(await statusOf(api, zendesk)).toBe('connected');
}, 90_000);

test('AS-13: a 403 -> one send, no refresh, parked as a missing right', async () => {
  const { api, emulators } = hawser;
  const before = await refreshes();
  const seq = await lastSeq();
  await emulators.rights('zendesk/acme', { username: ZENDESK_ADMIN.username, role: 'agent' });
  await emulators.createRecord('salesforce/production', 'Account', { Name: 'No right' });
  const [waiting] = await untilJobs(api, recipe, 'waiting', 1);
  expect((await writes(seq)).map((entry) => entry.status)).toEqual([403]);
  expect(await refreshes()).toBe(before);
  const job = await api.ok('GET', `/v1/jobs/${waiting.id}`);
  expect(job.waitingFor).toMatchObject({
    connectionId: zendesk,
    code: 'right_missing',
    requirement: 'organizations:write',
  });
  expect(await statusOf(api, zendesk)).toBe('connected');
  expect(await jobsOf(api, recipe, 'failed')).toHaveLength(1);
}, 90_000);
