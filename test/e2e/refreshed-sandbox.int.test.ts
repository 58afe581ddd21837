/** A sandbox is refreshed: the same address and user, another organization. A person decides; what waited for the old one is not continued. */
import { borrowHawser } from '../support/borrow-hawser.js';
import { authorize, connected, SALESFORCE_ADMIN } from '../support/connect.js';
import { eventually } from '../support/eventually.js';
import { startedRecipe, untilJobs } from '../support/recipes.js';
import type { BorrowedHawser } from '../support/start-hawser.js';

const SANDBOX_ADMIN = { ...SALESFORCE_ADMIN, username: `${SALESFORCE_ADMIN.username}.uat` };

let hawser: BorrowedHawser;
beforeAll(async () => void (hawser = await borrowHawser('brief')), 120_000);
afterAll(() => hawser?.stop());

test('g25: accepted by a person; a parked job waits for its rerun or cancel; new events go on', async () => {
  const { api, emulators } = hawser;
  const production = await connected(api, 'salesforce', SALESFORCE_ADMIN, 'Production');
  const sandbox = await connected(api, 'salesforce', SANDBOX_ADMIN, 'Sandbox', { environment: 'sandbox' });
  const recipe = await startedRecipe(api, {
    name: 'Production to sandbox',
    definition: {
      trigger: { binding: 'from', operation: 'new_or_updated_account', input: { since: 'now' } },
      steps: [
        {
          id: 'copy',
          binding: 'to',
          operation: 'create_record',
          input: { object: '"Account"', fields: '{"Name": trigger.Name}' },
        },
      ],
      concurrency: 5,
    },
    bindings: {
      from: { app: 'salesforce', connectionId: production },
      to: { app: 'salesforce', connectionId: sandbox },
    },
  });
  const before = await api.ok('GET', `/v1/connections/${sandbox}`);
  await emulators.refreshSandbox('salesforce/sandbox');
  await emulators.createRecord('salesforce/production', 'Account', { Name: 'For the old organization' });
  const [parked] = await untilJobs(api, recipe, 'waiting', 1);

  const { end } = await authorize(api, sandbox, SANDBOX_ADMIN);
  expect(end).toMatchObject({ outcome: 'candidate', code: 'instance_replaced' });
  const asked = await api.ok('GET', `/v1/connections/${sandbox}`);
  expect(asked).toMatchObject({ status: 'invalid', nextStep: expect.stringMatching(/sandbox refresh.*Accept/) });
  const accepted = await api.ok('POST', `/v1/connections/${sandbox}/candidate`, {
    attemptId: end.attemptId,
    accept: true,
  });
  expect(accepted.status).toBe('connected');
  expect(accepted.instance.id).not.toBe(before.instance.id);
  expect(accepted.instance.url).toBe(before.instance.url);

  const job = await eventually('the parked job to say what it waits for', async () => {
    const view = await api.ok('GET', `/v1/jobs/${parked.id}`);
    return view.waitingFor?.code === 'instance_replaced' && view;
  });
  expect(job).toMatchObject({ status: 'waiting', waitingFor: { text: expect.stringMatching(/rerun or cancel/) } });

  await emulators.createRecord('salesforce/production', 'Account', { Name: 'For the new organization' });
  await untilJobs(api, recipe, 'succeeded', 1);
  const names = (await emulators.records('salesforce/sandbox', 'Account')).map(({ Name }: any) => Name);
  expect(names).toContain('For the new organization');
  expect(names).not.toContain('For the old organization');
  await api.ok('POST', `/v1/jobs/${parked.id}/cancel`, {});
  await eventually('the job to end', async () => (await api.ok('GET', `/v1/jobs/${parked.id}`)).status === 'cancelled');
}, 90_000);
