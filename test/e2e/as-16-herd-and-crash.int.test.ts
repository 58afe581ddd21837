/** AS-16: many jobs, several workers, one expired token, single-use refresh tokens; then the workers die after the provider rotated. */
import { authorize, connected, SALESFORCE_ADMIN, ZENDESK_ADMIN } from '../support/connect.js';
import { RENEWALS } from '../support/emulator-control.js';
import { eventually } from '../support/eventually.js';
import { proofSize } from '../support/proof-size.js';
import { accountsToOrganizations, jobsOf, startedRecipe, untilJobs, untilPolled } from '../support/recipes.js';
import { recordOutcome } from '../support/record-outcome.js';
import { startHawser, type Hawser } from '../support/start-hawser.js';

const WORKERS = proofSize(2, 8);
const JOBS = proofSize(20, 200);
/** A recipe may have so many jobs at once. */
const AT_ONCE = Math.min(JOBS, 100);
const PATIENCE_MS = proofSize(120_000, 600_000);

let hawser: Hawser;
let salesforce: string;
beforeAll(async () => {
  hawser = await startHawser('several workers, which are killed', { workers: WORKERS });
  await hawser.emulators.policy('zendesk/acme', { rotation: true, graceSeconds: 0, reuse: 'kill_family' });
  salesforce = await connected(hawser.api, 'salesforce', SALESFORCE_ADMIN);
}, 300_000);
afterAll(() => hawser?.stop(), 90_000);

const refreshes = (): Promise<number> => hawser.emulators.refreshes('zendesk/acme');
const written = async (): Promise<number> =>
  (await hawser.emulators.counts('zendesk/acme')).accepted['organizations.create_or_update'] ?? 0;

/** A recipe over a fresh connection whose access token has just ended. */
async function herd(name: string): Promise<{ zendesk: string; recipe: string }> {
  const { api, emulators } = hawser;
  const zendesk = await connected(api, 'zendesk', ZENDESK_ADMIN, name);
  const recipe = await startedRecipe(api, accountsToOrganizations(salesforce, zendesk, 'now', AT_ONCE));
  await untilPolled(api, recipe);
  await emulators.expireAccessTokens('zendesk/acme');
  return { zendesk, recipe };
}

const accounts = (name: string): Promise<unknown> =>
  Promise.all(
    Array.from({ length: JOBS }, (_, index) =>
      hawser.emulators.createRecord('salesforce/production', 'Account', { Name: `${name} ${index}` }),
    ),
  );

test(
  `AS-16: ${JOBS} jobs on ${WORKERS} workers: one refresh, no invalid_grant, all succeed`,
  async () => {
    const { api, emulators } = hawser;
    const { zendesk, recipe } = await herd('Herd');
    const before = { refreshes: await refreshes(), written: await written() };
    await accounts('Herd');
    await untilJobs(api, recipe, 'succeeded', JOBS, PATIENCE_MS);
    const tokenCalls = (await emulators.log({ app: 'zendesk', path: '/oauth/tokens' })).filter(
      (entry) => entry.grantType === 'refresh_token',
    );
    recordOutcome('AS-16', 'herd', {
      jobs: JOBS,
      workers: WORKERS,
      tokenCalls: (await refreshes()) - before.refreshes,
    });
    expect((await refreshes()) - before.refreshes).toBe(1);
    expect(tokenCalls.filter((entry) => entry.status >= 400)).toEqual([]);
    expect((await written()) - before.written).toBe(JOBS);
    expect((await api.ok('GET', `/v1/connections/${zendesk}`)).status).toBe('connected');
    await api.ok('POST', `/v1/recipes/${recipe}/stop`, {});
  },
  PATIENCE_MS + 60_000,
);

test(
  'AS-16: all workers die after the provider rotated: needs consent within one more attempt, never loops; then nothing is lost',
  async () => {
    const { api, emulators } = hawser;
    const { zendesk, recipe } = await herd('Crash');
    const before = { refreshes: await refreshes(), written: await written() };
    await emulators.fault({ ...RENEWALS.zendesk, kind: 'delay_after', delayMs: 4_000, times: 1 });
    await accounts('Crash');
    await eventually(
      'the provider to have rotated',
      async () => (await refreshes()) === before.refreshes + 1,
      PATIENCE_MS,
      20,
    );
    await Promise.all(hawser.workers.map((worker) => worker.kill()));
    await Promise.all(hawser.workers.map((worker) => worker.start()));
    const lost = await eventually(
      'the loss to be told',
      async () => {
        const view = await api.ok('GET', `/v1/connections/${zendesk}`);
        return view.status === 'invalid' && view;
      },
      PATIENCE_MS,
    );
    expect(lost.reason.code).toBe('rotation_lost');
    // The recipe waits too, so not every account has its job yet.
    await eventually(
      'all jobs to be parked',
      async () => {
        const jobs = await jobsOf(api, recipe);
        return jobs.length > 0 && jobs.every(({ status }) => status === 'waiting');
      },
      PATIENCE_MS,
      250,
    );
    const spent = (await refreshes()) - before.refreshes;
    recordOutcome('AS-16', 'crash after the rotation', { reason: lost.reason.code, tokenCalls: spent });
    expect(spent).toBeLessThanOrEqual(2);
    // A person agrees once more: every job goes on where it stood, and each record is written once.
    expect((await authorize(api, zendesk, ZENDESK_ADMIN)).end.outcome).toBe('in_force');
    await untilJobs(api, recipe, 'succeeded', JOBS, PATIENCE_MS);
    expect((await refreshes()) - before.refreshes).toBe(spent);
    expect((await written()) - before.written).toBe(JOBS);
  },
  PATIENCE_MS + 120_000,
);
