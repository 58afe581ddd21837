/**
 * An upgrade from an older commit while jobs run: gateway and worker of that commit's own build are stopped, those of the present build
 * take over. Which commit: older-build.ts. (goes-on.int.test.ts does the same with two builds of one commit, for clones without a past.)
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Worker } from '@temporalio/worker';
import { localPayloadCodec } from '#temporal/data-converter.js';
import { temporalOf } from '../support/actor.js';
import { TestProcess } from '../support/child-process.js';
import { authorize, connected, SALESFORCE_ADMIN, statusOf, ZENDESK_ADMIN } from '../support/connect.js';
import { eventually } from '../support/eventually.js';
import { loseWhileStarting } from '../support/lose-while-starting.js';
import { recordOutcome } from '../support/record-outcome.js';
import { accountsToOrganizations, createRecipe, untilJobs } from '../support/recipes.js';
import { startHawser, type Hawser } from '../support/start-hawser.js';
import { buildOf, olderCommit } from './older-build.js';

const DIST = resolve(__dirname, '..', '..', 'dist');
const commit = olderCommit();

let hawser: Hawser;
const present: TestProcess[] = [];
beforeAll(async () => {
  hawser = await startHawser({ dist: buildOf(commit) });
}, 600_000);
afterAll(async () => {
  await Promise.all(present.map((process) => process.stop()));
  await hawser?.stop();
}, 90_000);

const version = async (id: string): Promise<number> => (await hawser.api.ok('GET', `/v1/connections/${id}`)).version;
async function renewed(id: string): Promise<void> {
  const before = await version(id);
  await eventually(`a renewal of ${id}`, async () => {
    await hawser.api.send('POST', `/v1/connections/${id}/refresh`, {});
    return (await version(id)) > before;
  }, 90_000, 1_000);
}

async function startPresent(app: 'gateway' | 'worker'): Promise<void> {
  const process = new TestProcess({ name: `present ${app}`, entry: join(DIST, 'apps', app, 'main.js'), env: hawser.env, logFile: join(hawser.dataDir, 'logs', `present-${app}.log`), readyWord: 'READY' });
  await process.start();
  present.push(process);
}

/** What both builds wrote: every run, with the number of its failed workflow tasks. */
async function everyRun(): Promise<{ workflowId: string; history: any; failedTasks: number }[]> {
  const { client, close } = temporalOf(hawser);
  try {
    const all = [];
    for await (const { workflowId, runId } of client.workflow.list()) {
      const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
      const failedTasks = (history.events ?? []).filter(({ workflowTaskFailedEventAttributes: failed }) => failed).length;
      all.push({ workflowId: `${workflowId} ${runId}`, history, failedTasks });
    }
    return all;
  } finally {
    await close();
  }
}

async function refusedReplays(histories: { workflowId: string; history: any }[]): Promise<string[]> {
  const options = {
    workflowBundle: { codePath: join(DIST, 'workflow-bundle.js') },
    dataConverter: { payloadCodecs: [localPayloadCodec({ dataDir: hawser.dataDir })], failureConverterPath: join(DIST, 'libs', 'temporal', 'failure-converter.js') },
  };
  const refused: string[] = [];
  for await (const { workflowId, error } of Worker.runReplayHistories(options, histories)) if (error) refused.push(`${workflowId}: ${error.message}`);
  return refused;
}

test(`connections, a recipe and jobs that began under ${commit.slice(0, 7)} go on under the present build`, async () => {
  const { api, emulators } = hawser;
  // The two builds are not one and the same.
  expect(readFileSync(join(buildOf(commit), 'workflow-bundle.js')).equals(readFileSync(join(DIST, 'workflow-bundle.js')))).toBe(false);
  const salesforce = await connected(api, 'salesforce', SALESFORCE_ADMIN);
  const zendesk = await connected(api, 'zendesk', ZENDESK_ADMIN);
  await renewed(salesforce);
  const recipe = await createRecipe(api, accountsToOrganizations(salesforce, zendesk));
  await loseWhileStarting(api, emulators, recipe, 'zendesk/acme', 5);

  await hawser.workers[0]!.stop();
  await hawser.gateway.stop();
  await emulators.createRecord('salesforce/production', 'Account', { Name: 'Between the builds' });
  await Promise.all([startPresent('gateway'), startPresent('worker')]);

  await renewed(salesforce);
  expect((await authorize(api, zendesk, ZENDESK_ADMIN)).end.outcome).toBe('in_force');
  await untilJobs(api, recipe, 'succeeded', 13, 180_000);
  expect(Object.values((await emulators.counts('zendesk/acme')).accepted).reduce((sum, count) => sum + count, 0)).toBe(13);
  await renewed(zendesk);
  expect([await statusOf(api, salesforce), await statusOf(api, zendesk)]).toEqual(['connected', 'connected']);

  const runs = await everyRun();
  expect(runs.filter(({ failedTasks }) => failedTasks > 0).map(({ workflowId }) => workflowId)).toEqual([]);
  const refused = await refusedReplays(runs);
  expect(refused).toEqual([]);
  recordOutcome('upgrade', `from ${commit.slice(0, 7)} while jobs run`, { runs: runs.length, jobs: 13, failedTasks: 0, refusedReplays: refused.length });
}, 400_000);
