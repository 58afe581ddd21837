/** AS-19: the token endpoint answers 503 for a while: degraded, the pauses grow, jobs wait, nobody is asked to reconnect. */
import { connected, SALESFORCE_ADMIN, ZENDESK_ADMIN } from '../support/connect.js';
import { RENEWALS } from '../support/emulator-control.js';
import { eventually } from '../support/eventually.js';
import { proofSize } from '../support/proof-size.js';
import { accountsToOrganizations, jobsOf, startedRecipe, untilJobs, untilPolled } from '../support/recipes.js';
import { recordOutcome } from '../support/record-outcome.js';
import { borrowHawser } from '../support/borrow-hawser.js';
import type { BorrowedHawser } from '../support/start-hawser.js';

const CALLS = 4;
/** The whole ten minutes only where there is time for them. */
const AT_LEAST_MS = proofSize(0, 600_000);
const PATIENCE_MS = AT_LEAST_MS + 120_000;
const JOBS = 3;

let hawser: BorrowedHawser;
beforeAll(async () => void (hawser = await borrowHawser()), 300_000);
afterAll(() => hawser?.stop(), 60_000);

test(
  'AS-19: 503 at the token endpoint',
  async () => {
    const { api, emulators } = hawser;
    const salesforce = await connected(api, 'salesforce', SALESFORCE_ADMIN);
    const zendesk = await connected(api, 'zendesk', ZENDESK_ADMIN);
    const recipe = await startedRecipe(api, accountsToOrganizations(salesforce, zendesk, 'now'));
    await untilPolled(api, recipe);
    await emulators.fault({
      ...RENEWALS.zendesk,
      kind: 'status',
      status: 503,
      body: 'down for maintenance',
      times: -1,
    });
    await emulators.expireAccessTokens('zendesk/acme');
    const began = Date.now();
    for (let index = 0; index < JOBS; index += 1)
      await emulators.createRecord('salesforce/production', 'Account', { Name: `Patient ${index}` });

    const calls = async () =>
      (await emulators.log({ app: 'zendesk', path: '/oauth/tokens' })).filter(
        (entry) => entry.grantType === 'refresh_token',
      );
    const seen = new Set<string>();
    const asked = new Set<string>();
    await eventually(
      'the endpoint to have been asked often enough',
      async () => {
        const view = await api.ok('GET', `/v1/connections/${zendesk}`);
        seen.add(view.status);
        if (/press connect|(?<!nobody needs to )reconnect/i.test(view.nextStep)) asked.add(view.nextStep);
        return (await calls()).length >= CALLS && Date.now() - began >= AT_LEAST_MS;
      },
      PATIENCE_MS,
      300,
    );

    expect([...seen].filter((status) => status !== 'connected' && status !== 'degraded')).toEqual([]);
    expect([...asked]).toEqual([]);
    expect(await api.ok('GET', `/v1/connections/${zendesk}`)).toMatchObject({
      status: 'degraded',
      reason: { code: 'token_endpoint_unavailable' },
      version: 1,
    });
    const jobs = await jobsOf(api, recipe);
    expect(jobs).toHaveLength(JOBS);
    expect(jobs.filter(({ status }) => ['failed', 'succeeded', 'cancelled'].includes(status))).toEqual([]);
    // Each pause is at least half of 1 s, 2 s, 4 s, …: load can only make it longer. One try more is a worker's that was too slow to say what it got.
    const moments = (await calls()).map(({ at }) => new Date(at).getTime());
    const elapsedMs = (moments.at(-1) ?? 0) - (moments[0] ?? 0);
    expect(moments.length).toBeLessThanOrEqual(1 + Math.floor(Math.log2(elapsedMs / 450 + 1)) + 1);
    recordOutcome('AS-19', '503 at the token endpoint', {
      forMs: Date.now() - began,
      tokenCalls: moments.length,
      statuses: [...seen],
    });

    await emulators.clearFaults();
    await untilJobs(api, recipe, 'succeeded', JOBS, PATIENCE_MS);
    const healed = await api.ok('GET', `/v1/connections/${zendesk}`);
    expect(healed.status).toBe('connected');
    expect(healed.version).toBeGreaterThan(1);
  },
  PATIENCE_MS * 2 + 60_000,
);
