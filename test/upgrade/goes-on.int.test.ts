/**
 * An upgrade while jobs run: actors, a recipe and jobs that began under the old build go on under the new one, whose workflows give a
 * further command behind a patch marker.
 *
 * What this shows: open runs of connection, recipe and job are taken over by a worker process of another build without a failed workflow
 * task; a run that has passed the changed place the old way takes the new way when it comes there again; after `npm run roll` the new
 * way is taken in the new runs too; the histories that both builds wrote, old way and new way in one run, replay on the new build.
 * What it does not show: that an older commit's runs go on (older-commit.proof.ts does). Both builds are of the present commit, for a clone may have no older one; runs
 * of older commits are the recorded histories of `test/replay`. Nor two builds side by side: workers are not versioned (pinned) yet, the
 * old one is stopped first.
 */
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { DeterminismViolationError } from '@temporalio/workflow';
import { actorOf, temporalOf } from '../support/actor.js';
import { TestProcess } from '../support/child-process.js';
import { authorize, connected, SALESFORCE_ADMIN, statusOf, ZENDESK_ADMIN } from '../support/connect.js';
import { runToEnd } from '../support/doctor.js';
import { loseWhileStarting } from '../support/lose-while-starting.js';
import { accountsToOrganizations, createRecipe, untilJobs } from '../support/recipes.js';
import { recordOutcome } from '../support/record-outcome.js';
import { startHawser, type Hawser } from '../support/start-hawser.js';
import { eventsOf, everyRun, failedReplays, withFailedTasks, type History } from './every-run.js';
import { PLANTED_PATCH, plantedBuild, type PlantedBuild } from './planted-build.js';
import { renewedTo } from './renewed-to.js';

let hawser: Hawser;
let temporal: { client: Client; close(): Promise<void> };
let build: PlantedBuild;
let newWorker: TestProcess;
beforeAll(async () => {
  [hawser, build] = await Promise.all([startHawser('its worker is replaced by another build'), plantedBuild('marked')]);
  temporal = temporalOf(hawser);
  newWorker = new TestProcess({
    name: 'new worker',
    entry: build.workerEntry,
    env: hawser.env,
    logFile: join(hawser.dataDir, 'logs', 'new-worker.log'),
    readyWord: 'READY',
  });
}, 300_000);
afterAll(async () => {
  await newWorker?.stop();
  await temporal?.close();
  await hawser?.stop();
  build?.remove();
}, 90_000);

const view = (id: string): Promise<any> => hawser.api.ok('GET', `/v1/connections/${id}`);
const patchesIn = (history: History): boolean =>
  eventsOf(history).some(({ markerRecordedEventAttributes: marker }) =>
    Object.values(marker?.details ?? {}).some(({ payloads }) =>
      (payloads ?? []).some(({ data }) => Buffer.from(data ?? []).includes(PLANTED_PATCH)),
    ),
  );
const historyOf = async (connectionId: string): Promise<History> =>
  (await actorOf(temporal.client, connectionId)).fetchHistory();

test('connections, a recipe and jobs of the old build go on under the new one', async () => {
  const { api, emulators } = hawser;
  const salesforce = await connected(api, 'salesforce', SALESFORCE_ADMIN);
  const zendesk = await connected(api, 'zendesk', ZENDESK_ADMIN);
  await renewedTo(api, salesforce, 2);
  const recipe = await createRecipe(api, accountsToOrganizations(salesforce, zendesk));
  await loseWhileStarting(api, emulators, recipe, 'zendesk/acme', 5);

  await hawser.workers[0]!.stop();
  await emulators.createRecord('salesforce/production', 'Account', { Name: 'Between the builds' });
  await newWorker.start();

  // This run has renewed the old way; its next renewal is the new way, in the same run.
  await renewedTo(api, salesforce, 3);
  expect(patchesIn(await historyOf(salesforce))).toBe(true);
  // The parked jobs of the old build go on with their step; jobs of the new build follow.
  expect((await authorize(api, zendesk, ZENDESK_ADMIN)).end.outcome).toBe('in_force');
  await untilJobs(api, recipe, 'succeeded', 13, 180_000);
  expect(await emulators.writes('zendesk/acme')).toBe(13);
  // This run has renewed nothing under the old build.
  const before = (await view(zendesk)).version as number;
  await renewedTo(api, zendesk, before + 1);
  expect(patchesIn(await historyOf(zendesk))).toBe(true);

  const rolled = await runToEnd('dist/bin/worker/roll.js', [], hawser.env);
  expect(rolled.out).toMatch(/ROLLED \{"sent":3,"left":0\}/);
  await renewedTo(api, salesforce, 4);
  expect(patchesIn(await historyOf(salesforce))).toBe(true);
  expect([await statusOf(api, salesforce), await statusOf(api, zendesk)]).toEqual(['connected', 'connected']);

  const runs = await everyRun(temporal.client);
  const failed = withFailedTasks(runs);
  expect(failed).toEqual([]);
  const refused = (await failedReplays(runs, build.bundle, hawser.dataDir)).filter(
    ({ error }) => error instanceof DeterminismViolationError,
  );
  expect(refused.map(({ workflowId }) => workflowId)).toEqual([]);
  recordOutcome('upgrade', 'old build to new build while jobs run', {
    runs: runs.length,
    jobs: 13,
    failedTasks: failed.length,
    refusedReplays: refused.length,
  });
}, 400_000);
