/** Recipe poll (one record, one job) and job step (a rerun of a job whose step was refused). */
import { randomBytes } from 'node:crypto';
import { eventually } from '../../support/eventually.js';
import { accountsToOrganizations, createRecipe, jobsOf } from '../../support/recipes.js';
import type { Action, Judgement, Prepared } from './action.js';
import { keptConnection } from './kept-connection.js';
import type { Lane } from './lane.js';
import { ask } from './patient-person.js';

const PATIENCE_MS = 120_000;
/** Polls stop so far before the app's own clock. */
const SETTLE_MS = 2_500;

const organizationsNamed = async (lane: Lane, name: string): Promise<any[]> =>
  (await lane.hawser.emulators.records('zendesk/acme', 'organizations')).filter((one) => one.name === name);

async function recipeOfOneRecord(lane: Lane): Promise<{ recipe: string; name: string; connections: string[] }> {
  const salesforce = await keptConnection(lane, 'source', 'salesforce');
  const zendesk = await keptConnection(lane, 'target', 'zendesk');
  // Stamps of the app are whole seconds: a fraction would leave out what is created in this very second.
  const since = new Date(Math.floor(Date.now() / 1_000) * 1_000).toISOString();
  const name = `Account ${randomBytes(5).toString('hex')}`;
  const created = Date.now();
  await lane.hawser.emulators.createRecord('salesforce/production', 'Account', { Name: name });
  const recipe = await createRecipe(lane.api, accountsToOrganizations(salesforce.id, zendesk.id, since));
  await eventually('the record to have settled', async () => Date.now() > created + SETTLE_MS);
  return { recipe, name, connections: [salesforce.id, zendesk.id] };
}

/** One job, succeeded, one record; both connections as they were. */
async function judgeJob(
  lane: Lane,
  { recipe, name, connections }: { recipe: string; name: string; connections: string[] },
): Promise<Judgement> {
  const violations: string[] = [];
  const jobs = await eventually(
    'the job to have ended',
    async () => {
      const found = await jobsOf(lane.api, recipe);
      return (
        found.length > 0 && found.every((job) => ['succeeded', 'failed', 'cancelled'].includes(job.status)) && found
      );
    },
    60_000,
    300,
  ).catch(() => jobsOf(lane.api, recipe));
  const records = await organizationsNamed(lane, name);
  if (jobs.length !== 1) violations.push(`${jobs.length} jobs for one record`);
  if (jobs[0]?.status !== 'succeeded') violations.push(`job ${jobs[0]?.status}`);
  if (records.length !== 1) violations.push(`${records.length} records`);
  for (const id of connections) {
    const { status, reason } = await lane.api.ok('GET', `/v1/connections/${id}`);
    if (status !== 'connected') violations.push(`${id} ${status}: ${reason?.code}`);
  }
  await ask(lane, 'POST', `/v1/recipes/${recipe}/stop`, {});
  return { outcome: `${jobs.length} job ${jobs[0]?.status}, ${records.length} record`, violations };
}

/** What does not come tells where its recipe stands. */
async function untilRecord(lane: Lane, { recipe, name }: { recipe: string; name: string }): Promise<void> {
  await eventually(
    'the record to arrive',
    async () => (await organizationsNamed(lane, name)).length > 0,
    PATIENCE_MS,
    150,
  ).catch(async (error: unknown) => {
    const [view, jobs] = [await lane.api.ok('GET', `/v1/recipes/${recipe}`), await jobsOf(lane.api, recipe)];
    throw new Error(
      `${String(error)}; recipe ${view.status} ${JSON.stringify(view.waitingFor)}, last poll ${view.lastPollAt}, jobs ${JSON.stringify(jobs)}`,
    );
  });
}

export const pollAction: Action = {
  name: 'poll',
  async prepare(lane): Promise<Prepared> {
    const facts = await recipeOfOneRecord(lane);
    return {
      run: async () => {
        await ask(lane, 'POST', `/v1/recipes/${facts.recipe}/start`, {});
        await untilRecord(lane, facts);
      },
      check: () => judgeJob(lane, facts),
    };
  },
};

const REFUSED = {
  error: 'RecordInvalid',
  description: 'Record validation errors',
  details: { name: [{ description: 'Name: is bad', error: 'InvalidValue' }] },
};

export const stepAction: Action = {
  name: 'step',
  async prepare(lane): Promise<Prepared> {
    const facts = await recipeOfOneRecord(lane);
    await lane.hawser.emulators.fault({
      app: 'zendesk',
      path: '/api/v2/organizations/create_or_update',
      kind: 'status',
      status: 422,
      body: REFUSED,
      times: 1,
    });
    await ask(lane, 'POST', `/v1/recipes/${facts.recipe}/start`, {});
    const job = await eventually(
      'the step to be refused',
      async () => (await jobsOf(lane.api, facts.recipe, 'failed'))[0],
      PATIENCE_MS,
      250,
    );
    return {
      run: async () => {
        await ask(lane, 'POST', `/v1/jobs/${job.id}/rerun`, {});
        await untilRecord(lane, facts);
      },
      check: () => judgeJob(lane, facts),
    };
  },
};
