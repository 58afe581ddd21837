/** AS-15: a non-idempotent POST that is answered 500, or not at all, is sent once; the job says that the outcome is unknown. */
import { connected, SALESFORCE_ADMIN } from '../support/connect.js';
import { startedRecipe, untilJobs } from '../support/recipes.js';
import { borrowHawser } from '../support/borrow-hawser.js';
import type { BorrowedHawser } from '../support/start-hawser.js';

let hawser: BorrowedHawser;
let recipe: string;
beforeAll(async () => {
  hawser = await borrowHawser();
  const source = await connected(hawser.api, 'salesforce', SALESFORCE_ADMIN, 'Source');
  recipe = await startedRecipe(hawser.api, {
    name: 'Accounts -> contacts (not idempotent)',
    definition: {
      trigger: { binding: 'source', operation: 'new_or_updated_account', input: { since: 'now' } },
      steps: [
        {
          id: 'contact',
          binding: 'target',
          operation: 'create_record',
          input: { object: '"Contact"', fields: '{ "LastName": trigger.Name }' },
        },
      ],
      concurrency: 5,
    },
    bindings: {
      source: { app: 'salesforce', connectionId: source },
      target: { app: 'salesforce', connectionId: source },
    },
  });
}, 180_000);
afterAll(() => hawser?.stop());

const posts = async () =>
  (await hawser.emulators.log({ app: 'salesforce' })).filter(
    (entry) => entry.method === 'POST' && entry.path.includes('/sobjects/Contact'),
  );

test.each([
  [
    'answered 500',
    {
      kind: 'status' as const,
      status: 500,
      body: [{ message: 'An unexpected error occurred.', errorCode: 'UNKNOWN_EXCEPTION' }],
    },
  ],
  ['done, its answer lost', { kind: 'close_after' as const }],
])(
  'AS-15: a POST %s is sent once and no refresh happens',
  async (what, fault) => {
    const { api, emulators } = hawser;
    const before = (await posts()).length;
    const failedBefore = (await untilJobs(api, recipe, 'failed', 0)).length;
    const refreshes = (await emulators.counts('salesforce/production')).byGrantType['refresh_token'] ?? 0;
    await emulators.fault({ app: 'salesforce', method: 'POST', path: '/services/data/', ...fault, times: -1 });
    await emulators.createRecord('salesforce/production', 'Account', { Name: `No double write, ${what}` });
    const failed = await untilJobs(api, recipe, 'failed', failedBefore + 1);
    await emulators.clearFaults();
    const job = await api.ok('GET', `/v1/jobs/${failed[0].id}`);
    expect(job.error.code).toBe('outcome_unknown');
    expect((await posts()).length).toBe(before + 1);
    expect((await emulators.counts('salesforce/production')).byGrantType['refresh_token'] ?? 0).toBe(refreshes);
  },
  90_000,
);
