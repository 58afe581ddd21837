/** Twenty jobs wait for an invalid connection: after the reconnect each ends exactly once, from the step where it stood, with nobody touching it. */
import { authorize, connected, SALESFORCE_ADMIN, ZENDESK_ADMIN } from '../support/connect.js';
import { eventually } from '../support/eventually.js';
import { loseWhileStarting } from '../support/lose-while-starting.js';
import { accountsToOrganizations, createRecipe, jobsOf, untilJobs } from '../support/recipes.js';
import { borrowHawser } from '../support/borrow-hawser.js';
import type { BorrowedHawser } from '../support/start-hawser.js';

const JOBS = 20;
const SANDBOX_ADMIN = { ...SALESFORCE_ADMIN, username: `${SALESFORCE_ADMIN.username}.uat` };

let hawser: BorrowedHawser;
let salesforce: string;
let zendesk: string;
let sandbox: string;
beforeAll(async () => {
  hawser = await borrowHawser();
  const { api, emulators } = hawser;
  salesforce = await connected(api, 'salesforce', SALESFORCE_ADMIN);
  zendesk = await connected(api, 'zendesk', ZENDESK_ADMIN);
  sandbox = await connected(api, 'salesforce', SANDBOX_ADMIN, 'Sandbox', { environment: 'sandbox' });
  const seeded = (await emulators.records('salesforce/production', 'Account')).length;
  for (let more = seeded; more < JOBS; more += 1)
    await emulators.createRecord('salesforce/production', 'Account', { Name: `Account ${more}` });
  // A poll stops 2 s before the app's clock: all of them shall be found by the first one.
  const settledAt = Date.now() + 3_000;
  await eventually('the settle time of a poll', () => Promise.resolve(Date.now() > settledAt));
}, 180_000);
afterAll(() => hawser?.stop());

const accepted = async (org: string, write: string): Promise<number> =>
  (await hawser.emulators.counts(org)).accepted[write] ?? 0;

/** Each job ended once, by itself, as the very run that had parked. */
async function expectEachOnce(recipe: string, waiting: any[]): Promise<void> {
  const { api } = hawser;
  const done = await untilJobs(api, recipe, 'succeeded', JOBS);
  const ids = (jobs: any[]): string[] => jobs.map((job) => String(job.id)).sort();
  expect(ids(done)).toEqual(ids(waiting));
  expect(await jobsOf(api, recipe)).toHaveLength(JOBS);
  for (const { id } of done)
    expect(await api.ok('GET', `/v1/jobs/${id}`)).toMatchObject({ status: 'succeeded', reruns: 0, waitingFor: null });
}

test('an idempotent write: 20 jobs, 20 accepted writes', async () => {
  const { api, emulators } = hawser;
  const recipe = await createRecipe(api, accountsToOrganizations(salesforce, zendesk, 'beginning', JOBS));
  const waiting = await loseWhileStarting(api, emulators, recipe, 'zendesk/acme', JOBS);
  expect(waiting).toHaveLength(JOBS);
  expect(await accepted('zendesk/acme', 'organizations.create_or_update')).toBe(0);
  await eventually(
    'the parked jobs to be counted',
    async () => (await api.ok('GET', `/v1/connections/${zendesk}`)).parked.jobs === JOBS,
  );

  expect((await authorize(api, zendesk, ZENDESK_ADMIN)).end.outcome).toBe('in_force');
  await expectEachOnce(recipe, waiting);
  expect(await accepted('zendesk/acme', 'organizations.create_or_update')).toBe(JOBS);
  expect(await emulators.records('zendesk/acme', 'organizations')).toHaveLength(JOBS);
  await api.ok('POST', `/v1/recipes/${recipe}/stop`, {});
}, 120_000);

test('a write that is not idempotent, in the second step: the first is not repeated and its output is kept', async () => {
  const { api, emulators } = hawser;
  const upserts = await accepted('zendesk/acme', 'organizations.create_or_update');
  const base = accountsToOrganizations(salesforce, zendesk, 'beginning', JOBS);
  const recipe = await createRecipe(api, {
    ...base,
    name: 'Accounts -> organizations -> contacts of the sandbox',
    definition: {
      ...base.definition,
      steps: [
        ...base.definition.steps,
        {
          id: 'contact',
          binding: 'target',
          operation: 'create_record',
          input: { object: '"Contact"', fields: '{ "LastName": $string(steps.organization.id) }' },
        },
      ],
    },
    bindings: { ...base.bindings, target: { app: 'salesforce', connectionId: sandbox } },
  });
  const waiting = await loseWhileStarting(api, emulators, recipe, 'salesforce/sandbox', JOBS);
  const outputs = new Map<string, unknown>();
  for (const { id } of waiting) {
    const job = await api.ok('GET', `/v1/jobs/${id}`);
    expect(job.waitingFor).toMatchObject({ connectionId: sandbox, code: 'grant_revoked' });
    expect(job.steps.map((step: any) => step.status)).toEqual(['succeeded', 'waiting']);
    outputs.set(id, job.steps[0].output);
  }
  expect(await accepted('salesforce/sandbox', 'Contact.create')).toBe(0);

  expect((await authorize(api, sandbox, SANDBOX_ADMIN)).end.outcome).toBe('in_force');
  await expectEachOnce(recipe, waiting);
  expect(await accepted('salesforce/sandbox', 'Contact.create')).toBe(JOBS);
  expect(await accepted('zendesk/acme', 'organizations.create_or_update')).toBe(upserts + JOBS);
  const contacts = (await emulators.records('salesforce/sandbox', 'Contact')).map((contact) => contact.LastName);
  expect(contacts).toEqual(expect.arrayContaining([...outputs.values()].map((output: any) => String(output.id))));
  for (const [id, output] of outputs) {
    const [first] = (await api.ok('GET', `/v1/jobs/${id}`)).steps;
    expect(first).toMatchObject({ status: 'succeeded', attempts: 1, output });
  }
}, 120_000);
