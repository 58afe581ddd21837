/** Jobs and recipes that wait for long, and jobs that Temporal ends at a limit, on a real server with small limits. */
import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { startRecipeUpdate } from '#workflows/recipe/messages.js';
import { jobQuery } from '#workflows/job/messages.js';
import { makeNamespace, requiredEnv } from '../../../test/support/test-namespace.js';
import { jobsEndedByForce } from '../doctor/checks/forced-ends.js';
import { recoverJob } from '../recover/recover-job.js';
import { RecipeBench } from './recipe-testing/recipe-bench.js';
import { until } from './recipe-testing/recipe-world.js';

let bench: RecipeBench;

beforeAll(async () => {
  const address = requiredEnv('HAWSER_TEST_TEMPORAL');
  const namespace = `waits-${randomUUID()}`;
  await makeNamespace(address, namespace);
  bench = await RecipeBench.open(address, namespace);
}, 120_000);
afterAll(() => bench?.close());

/** Grows a history by what changes nothing, until the run is another one. */
async function untilRolled(handle: WorkflowHandle, signal: string): Promise<void> {
  const { runId } = await handle.describe();
  await until(
    async () => {
      for (let sent = 0; sent < 10; sent += 1) await handle.signal(signal, { jobId: '', connectionId: '' });
      return handle.describe();
    },
    (info) => info.runId !== runId,
    'a new run',
    90_000,
  );
}

test('g01: a job behind another, a parked one and their recipe go on in new runs while they wait', async () => {
  await bench.withRecipe({}, async (world) => {
    world.app.refusals.set(world.target, { code: 'right_missing', requirement: 'x' });
    for (const value of [1, 2]) world.app.change('same', value);
    await world.recipe.executeUpdate(startRecipeUpdate);
    const views = await world.parked(1);
    const parked = world.job(views.find(({ status }) => status === 'waiting')!);
    const queued = world.job(views.find(({ status }) => status === 'queued')!);
    await Promise.all([
      untilRolled(queued, 'predecessorDone'),
      untilRolled(parked, 'wake'),
      untilRolled(world.recipe, 'jobDone'),
    ]);
    expect(await queued.query(jobQuery)).toMatchObject({ status: 'queued' });
    expect(await parked.query(jobQuery)).toMatchObject({ status: 'waiting' });
    world.app.refusals.clear();
    await until(
      () => world.sweep(['x']),
      (woken) => woken > 0,
      'woken',
    );
    await world.allDone(2);
    expect(world.app.writes.map(({ input }) => input['value'])).toEqual([1, 1, 2, 2]);
  });
}, 120_000);

test('g01: a job that was ended by force is named, and goes on from its history: what is done is not done again', async () => {
  await bench.withRecipe({}, async (world) => {
    const { workspaceId } = world.parts;
    world.app.change('r', 1);
    const write = world.app.connector.actions['write']!;
    const first = write.run;
    // The first step is done, then the second one parks.
    write.run = async (...values) => {
      world.app.refusals.set(world.target, { code: 'grant_revoked' });
      return first(...values);
    };
    await world.recipe.executeUpdate(startRecipeUpdate);
    const [view] = await world.parked(1);
    const { jobId } = view!;
    const job = world.job(view!);
    await job.terminate('by hand');
    const named = async (): Promise<string[]> => {
      const found: string[] = [];
      for await (const { workflowId, end } of jobsEndedByForce(bench.client)) found.push(`${workflowId} ${end.why}`);
      return found.filter((one) => one.includes(jobId));
    };
    expect(await until(named, (found) => found.length > 0, 'it to be named')).toEqual([
      expect.stringMatching('by hand'),
    ]);
    // A hand has meant it: only who asks for it gets it back.
    expect(await recoverJob(bench.client, workspaceId, jobId)).toBe('left');
    expect(await recoverJob(bench.client, workspaceId, jobId, { unlessOvertaken: true })).toBe('recovered');
    expect(await job.query(jobQuery)).toMatchObject({ recoveries: 1, steps: [{ status: 'succeeded' }, {}] });
    write.run = first;
    world.app.refusals.clear();
    await until(
      () => job.query(jobQuery),
      ({ status }) => status === 'succeeded',
      'its end',
    );
    expect(world.app.writes.map(({ key }) => key.split('/')[1])).toEqual(['one', 'two']);
    expect(await recoverJob(bench.client, workspaceId, jobId, { unlessOvertaken: true })).toBe('left');
  });
}, 120_000);
