/**
 * Many changes at once, small and large, through one recipe with the highest concurrency: each becomes one job and one organization, none
 * twice, and the worker stays small. `HAWSER_MANY` says how many (20,000 by default). 5,000 of them, or half where there are fewer, have
 * one stamp, as a bulk load makes them; one record of 6 MB is a job that says so, and hinders none. Run by `npm run proof -- many`
 * (`--jobs N` for fewer; the whole takes hours).
 */
import { readFileSync } from 'node:fs';
import { connected, SALESFORCE_ADMIN, ZENDESK_ADMIN } from '../support/connect.js';
import { eventually } from '../support/eventually.js';
import { accountsToOrganizations, jobsOf, startedRecipe } from '../support/recipes.js';
import { recordOutcome } from '../support/record-outcome.js';
import { startHawser, type Hawser } from '../support/start-hawser.js';

const MANY = Number(process.env.HAWSER_MANY ?? 20_000);
const ONE_STAMP = Math.min(5_000, Math.floor(MANY / 2));
const LARGEST = 6_000_000;
const LANES = 20;
const SEEDED = 12;
/** Characters of a description: from one to the most that Salesforce takes. */
const SIZES = [1, 100, 1_000, 10_000, 32_000];
const MOST_MB = 1_000;
const PATIENCE_MS = 60_000 + MANY * 250;

let hawser: Hawser;
beforeAll(async () => {
  hawser = await startHawser('the memory of a worker that has done nothing else');
  for (const org of ['zendesk/acme', 'salesforce/production'])
    await hawser.emulators.policy(org, { requestQuota: 1_000_000_000 });
}, 300_000);
afterAll(() => hawser?.stop(), 100_000);

/** The most that the process ever had in memory, in MB. */
const peakMb = (pid: number): number =>
  Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1_000;

async function createAccounts(): Promise<void> {
  const planted = Array.from({ length: ONE_STAMP }, (_, index) => ({ Name: `Many ${index}`, Description: 'd' }));
  await hawser.emulators.plantRecords('salesforce/production', 'Account', planted);
  const largest = { Name: 'Largest', Description: 'D'.repeat(LARGEST) };
  await hawser.emulators.plantRecords('salesforce/production', 'Account', [largest]);
  let next = ONE_STAMP;
  const lane = async (): Promise<void> => {
    while (next < MANY) {
      const index = next++;
      const Website = 'x'.repeat(SIZES[index % SIZES.length] ?? 1).slice(0, 255);
      const Description = 'd'.repeat(SIZES[index % SIZES.length] ?? 1);
      await hawser.emulators.createRecord('salesforce/production', 'Account', {
        Name: `Many ${index}`,
        Website,
        Description,
      });
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

test(
  `${MANY} changes through a concurrency of 100`,
  async () => {
    const { api, emulators } = hawser;
    const [salesforce, zendesk] = [
      await connected(api, 'salesforce', SALESFORCE_ADMIN),
      await connected(api, 'zendesk', ZENDESK_ADMIN),
    ];
    await createAccounts();
    const wish = accountsToOrganizations(salesforce, zendesk, 'beginning', 100);
    wish.definition.steps[0].input.details = 'trigger.Description';
    const startedAt = Date.now();
    const recipe = await startedRecipe(api, wish);
    await eventually(
      'all jobs have ended',
      async () => {
        const { jobsStarted, openJobs } = await api.ok('GET', `/v1/recipes/${recipe}`);
        return jobsStarted === MANY + SEEDED + 1 && openJobs === 0;
      },
      PATIENCE_MS,
      500,
    );
    const seconds = Math.round((Date.now() - startedAt) / 1_000);
    const notSucceeded = (await jobsOf(api, recipe)).filter(({ status }) => status !== 'succeeded');
    const refused = await Promise.all(notSucceeded.map(({ id }) => api.ok('GET', `/v1/jobs/${id}`)));
    expect(refused.map(({ status, error }) => [status, error?.code])).toEqual([['failed', 'event_too_large']]);
    const names = (await emulators.records('zendesk/acme', 'organizations')).map(({ name }) => String(name));
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => name.startsWith('Many '))).toHaveLength(MANY);
    const peaks = hawser.workers.map(({ pid }) => Math.round(peakMb(pid)));
    recordOutcome('many', `${MANY} changes, ${ONE_STAMP} of them with one stamp, and a record of 6 MB`, {
      seconds,
      'jobs a minute': Math.round((MANY * 60) / seconds),
      'most memory of the worker in MB': Math.max(...peaks),
      'jobs that did not succeed (the one of 6 MB)': refused.length,
    });
    for (const peak of peaks) expect(peak).toBeLessThan(MOST_MB);
  },
  PATIENCE_MS + 120_000,
);
