/** Herds: one expired token, a strictly rotating provider that kills the family at reuse, and everybody at once: one token call. */
import { connected, SALESFORCE_ADMIN, ZENDESK_ADMIN } from '../support/connect.js';
import { RENEWALS } from '../support/emulator-control.js';
import { proofSize } from '../support/proof-size.js';
import { accountsToOrganizations, startedRecipe, untilJobs, untilPolled } from '../support/recipes.js';
import { recordOutcome } from '../support/record-outcome.js';
import { startHawser, type Hawser } from '../support/start-hawser.js';

const WORKERS = proofSize(2, 8);
const JOBS = proofSize(40, 200);
const CROWD = proofSize(100, 1_000);
const PATIENCE_MS = 400_000;

let hawser: Hawser;
let salesforce: string;
beforeAll(async () => {
  hawser = await startHawser('several workers', { workers: WORKERS });
  await hawser.emulators.policy('zendesk/acme', { rotation: true, graceSeconds: 0, reuse: 'kill_family' });
  // Slow, so that all of them come while the one renewal is under way.
  await hawser.emulators.fault({
    ...RENEWALS.zendesk,
    kind: 'delay',
    delayMs: 4_000,
    times: -1,
  });
  salesforce = await connected(hawser.api, 'salesforce', SALESFORCE_ADMIN);
}, 300_000);
afterAll(() => hawser?.stop(), 100_000);

const refreshes = () => hawser.emulators.refreshes('zendesk/acme');
const accounts = (count: number, name: string): Promise<unknown> =>
  Promise.all(
    Array.from({ length: count }, (_, index) =>
      hawser.emulators.createRecord('salesforce/production', 'Account', { Name: `${name} ${index}` }),
    ),
  );

async function waitingRecipe(zendesk: string, jobs: number): Promise<string> {
  const recipe = await startedRecipe(
    hawser.api,
    accountsToOrganizations(salesforce, zendesk, 'now', Math.min(jobs, 100)),
  );
  await untilPolled(hawser.api, recipe);
  return recipe;
}

test(
  `${JOBS} jobs on ${WORKERS} workers with one expired token: one token call`,
  async () => {
    const { api, emulators } = hawser;
    const zendesk = await connected(api, 'zendesk', ZENDESK_ADMIN, 'Jobs');
    const recipe = await waitingRecipe(zendesk, JOBS);
    const before = await refreshes();
    await emulators.expireAccessTokens('zendesk/acme');
    await accounts(JOBS, 'Jobs');
    await untilJobs(api, recipe, 'succeeded', JOBS, PATIENCE_MS);
    const tokenCalls = (await refreshes()) - before;
    recordOutcome('herds', `${JOBS} jobs on ${WORKERS} workers, one expired token`, { tokenCalls });
    expect(tokenCalls).toBe(1);
    expect(await api.ok('GET', `/v1/connections/${zendesk}`)).toMatchObject({ status: 'connected', version: 2 });
    await api.ok('POST', `/v1/recipes/${recipe}/stop`, {});
  },
  PATIENCE_MS + 60_000,
);

test(
  `${CROWD} callers by REST and jobs together: one token call, and everybody is served`,
  async () => {
    const { api, emulators } = hawser;
    const zendesk = await connected(api, 'zendesk', ZENDESK_ADMIN, 'Crowd');
    const jobs = CROWD / 2;
    const recipe = await waitingRecipe(zendesk, jobs);
    const before = await refreshes();
    await emulators.expireAccessTokens('zendesk/acme');
    const written = accounts(jobs, 'Crowd');
    let repeated = 0;
    // Half of them name the version that they have seen; the others only press the button. Whoever has waited too long repeats with
    // the version: pressing the button anew, more than some seconds after the renewal, is a wish for another one.
    const call = async (index: number): Promise<number> => {
      for (let body = index % 2 === 0 ? { seenVersion: 1 } : {}; ; body = { seenVersion: 1 }) {
        const { status } = await api.send('POST', `/v1/connections/${zendesk}/refresh`, body);
        if (status !== 503) return status;
        repeated += 1;
      }
    };
    const answers = await Promise.all(Array.from({ length: CROWD / 2 }, (_, index) => call(index)));
    await written;
    await untilJobs(api, recipe, 'succeeded', jobs, PATIENCE_MS);
    const tokenCalls = (await refreshes()) - before;
    recordOutcome('herds', `${CROWD} callers of ensureFresh by REST and jobs`, {
      tokenCalls,
      repeated,
      statuses: [...new Set(answers)],
    });
    expect([...new Set(answers)]).toEqual([200]);
    expect(tokenCalls).toBe(1);
    expect(await api.ok('GET', `/v1/connections/${zendesk}`)).toMatchObject({ status: 'connected', version: 2 });
  },
  PATIENCE_MS + 60_000,
);
