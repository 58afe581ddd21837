/**
 * An upgrade from an older commit while jobs run: gateway and worker of that commit's own build are stopped, those of the present build
 * take over. Which commit: older-build.ts. (goes-on.int.test.ts does the same with two builds of one commit, for clones without a past.)
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { temporalOf } from '../support/actor.js';
import { TestProcess } from '../support/child-process.js';
import { authorize, connected, SALESFORCE_ADMIN, statusOf, ZENDESK_ADMIN } from '../support/connect.js';
import { loseWhileStarting } from '../support/lose-while-starting.js';
import { recordOutcome } from '../support/record-outcome.js';
import { accountsToOrganizations, createRecipe, untilJobs } from '../support/recipes.js';
import { startHawser, type Hawser } from '../support/start-hawser.js';
import { everyRun, failedReplays, withFailedTasks, type Run } from './every-run.js';
import { buildOf, olderCommit } from './older-build.js';
import { renewedTo } from './renewed-to.js';

const DIST = resolve(__dirname, '..', '..', 'dist');
const BUNDLE = join(DIST, 'workflow-bundle.js');
const commit = olderCommit();

let hawser: Hawser;
const present: TestProcess[] = [];
beforeAll(async () => {
  hawser = await startHawser('another build', { dist: buildOf(commit) });
}, 600_000);
afterAll(async () => {
  await Promise.all(present.map((process) => process.stop()));
  await hawser?.stop();
}, 90_000);

const version = async (id: string): Promise<number> => (await hawser.api.ok('GET', `/v1/connections/${id}`)).version;
const renewed = async (id: string): Promise<unknown> => renewedTo(hawser.api, id, (await version(id)) + 1);

async function startPresent(app: 'gateway' | 'worker'): Promise<void> {
  const process = new TestProcess({
    name: `present ${app}`,
    entry: join(DIST, 'apps', app, 'main.js'),
    env: hawser.env,
    logFile: join(hawser.dataDir, 'logs', `present-${app}.log`),
    readyWord: 'READY',
  });
  await process.start();
  present.push(process);
}

async function runsOf(one: Hawser): Promise<Run[]> {
  const { client, close } = temporalOf(one);
  try {
    return await everyRun(client);
  } finally {
    await close();
  }
}

test(`connections, a recipe and jobs that began under ${commit.slice(0, 7)} go on under the present build`, async () => {
  const { api, emulators } = hawser;
  // The two builds are not one and the same.
  expect(readFileSync(join(buildOf(commit), 'workflow-bundle.js')).equals(readFileSync(BUNDLE))).toBe(false);
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
  expect(await emulators.writes('zendesk/acme')).toBe(13);
  await renewed(zendesk);
  expect([await statusOf(api, salesforce), await statusOf(api, zendesk)]).toEqual(['connected', 'connected']);

  const runs = await runsOf(hawser);
  expect(withFailedTasks(runs)).toEqual([]);
  const refused = await failedReplays(runs, BUNDLE, hawser.dataDir);
  expect(refused.map(({ workflowId, error }) => `${workflowId}: ${error.message}`)).toEqual([]);
  recordOutcome('upgrade', `from ${commit.slice(0, 7)} while jobs run`, {
    runs: runs.length,
    jobs: 13,
    failedTasks: 0,
    refusedReplays: refused.length,
  });
}, 400_000);
