/** Promise 10: no blind resend of what may have reached the app; 401 and 429 are surely refused and sent again; idempotent writes too. */
import { connected, SALESFORCE_ADMIN, ZENDESK_ADMIN } from '../support/connect.js';
import { accountsToOrganizations, startedRecipe, untilJobs } from '../support/recipes.js';
import { startHawser, type Hawser } from '../support/start-hawser.js';
import type { Fault } from '../support/emulator-control.js';

let hawser: Hawser;
let contacts: string;
let organizations: string;
beforeAll(async () => {
  hawser = await startHawser({ env: { HAWSER_REQUEST_MS: '3000' } });
  const { api } = hawser;
  const salesforce = await connected(api, 'salesforce', SALESFORCE_ADMIN);
  const zendesk = await connected(api, 'zendesk', ZENDESK_ADMIN);
  contacts = await startedRecipe(api, {
    name: 'Accounts -> contacts (not idempotent)',
    definition: {
      trigger: { binding: 'crm', operation: 'new_or_updated_account', input: { since: 'now' } },
      steps: [{ id: 'contact', binding: 'crm', operation: 'create_record', input: { object: '"Contact"', fields: '{ "LastName": trigger.Name }' } }],
      concurrency: 5,
    },
    bindings: { crm: { app: 'salesforce', connectionId: salesforce } },
  });
  organizations = await startedRecipe(api, accountsToOrganizations(salesforce, zendesk, 'now'));
}, 180_000);
afterAll(() => hawser?.stop());

const accepted = async (): Promise<number> => (await hawser.emulators.counts('salesforce/production')).accepted['Contact.create'] ?? 0;
const sends = async (): Promise<number> => (await hawser.emulators.log({ app: 'salesforce' })).filter((entry) => entry.method === 'POST' && entry.path.endsWith('/sobjects/Contact')).length;
let done = 0;
let failed = 0;

const REFUSED: [string, Omit<Fault, 'path'>][] = [
  ['401', { kind: 'status', status: 401, headers: { 'content-type': 'application/json', 'www-authenticate': 'Token' }, body: [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }] }],
  ['REQUEST_LIMIT_EXCEEDED', { kind: 'status', status: 403, headers: { 'content-type': 'application/json' }, body: [{ message: 'TotalRequests Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' }] }],
];

test.each(REFUSED)('p10: %s was surely refused: sent again, accepted once', async (name, fault) => {
  const before = { accepted: await accepted(), sends: await sends() };
  await hawser.emulators.fault({ app: 'salesforce', method: 'POST', path: '/services/data/', times: 1, ...fault });
  await hawser.emulators.createRecord('salesforce/production', 'Account', { Name: `Refused: ${name}` });
  await untilJobs(hawser.api, contacts, 'succeeded', (done += 1));
  expect(await accepted()).toBe(before.accepted + 1);
  expect(await sends()).toBe(before.sends + 2);
}, 90_000);

const UNKNOWN: [string, Omit<Fault, 'path'>, number][] = [
  ['a reset after the work', { kind: 'close_after' }, 1],
  ['an answer that comes too late', { kind: 'delay_after', delayMs: 6_000 }, 1],
  ['a 500', { kind: 'status', status: 500, body: 'error' }, 0],
];

test.each(UNKNOWN)('p10: %s: sent once, the job stops and names it', async (name, fault, worked) => {
  const before = { accepted: await accepted(), sends: await sends() };
  await hawser.emulators.fault({ app: 'salesforce', method: 'POST', path: '/services/data/', times: 1, ...fault });
  await hawser.emulators.createRecord('salesforce/production', 'Account', { Name: `Unknown: ${name}` });
  const jobs = await untilJobs(hawser.api, contacts, 'failed', (failed += 1));
  expect((await hawser.api.ok('GET', `/v1/jobs/${jobs[0].id}`)).error.code).toBe('outcome_unknown');
  expect(await sends()).toBe(before.sends + 1);
  expect(await accepted()).toBe(before.accepted + worked);
}, 90_000);

test('p10: an idempotent write whose answer was lost is looked up first: the app has accepted one write', async () => {
  const { api, emulators } = hawser;
  const before = (await emulators.records('zendesk/acme', 'organizations')).length;
  const writes = async (): Promise<number> => (await emulators.counts('zendesk/acme')).accepted['organizations.create_or_update'] ?? 0;
  const acceptedBefore = await writes();
  const succeeded = (await untilJobs(api, organizations, 'succeeded', 0)).length;
  await emulators.fault({ app: 'zendesk', path: '/api/v2/organizations/create_or_update', kind: 'close_after', times: 1 });
  await emulators.createRecord('salesforce/production', 'Account', { Name: 'Idempotent' });
  await untilJobs(api, organizations, 'succeeded', succeeded + 1);
  const named = (await emulators.records('zendesk/acme', 'organizations')).filter((organization) => organization.name === 'Idempotent');
  expect(named).toHaveLength(1);
  expect(await writes()).toBe(acceptedBefore + 1);
  expect((await emulators.records('zendesk/acme', 'organizations')).length).toBeGreaterThan(before);
}, 90_000);
