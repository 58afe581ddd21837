/** Large events, inputs and outputs on a real Temporal server: each job ends as it should, and no recipe is blocked by one. */
import { randomUUID } from 'node:crypto';
import { JOB_WORKFLOW, jobQuery, rerunOf, type JobView } from '#workflows/job/messages.js';
import { startRecipeUpdate } from '#workflows/recipe/messages.js';
import { jobWorkflowId } from '#domain/ids.js';
import { jsonBytes } from '#domain/sizes.js';
import { TASK_QUEUE } from '#temporal/task-queues.js';
import { makeNamespace, requiredEnv } from '../../../test/support/test-namespace.js';
import { RecipeBench } from './recipe-testing/recipe-bench.js';
import { until, type RecipeWorld } from './recipe-testing/recipe-world.js';

let bench: RecipeBench;

beforeAll(async () => {
  const address = requiredEnv('HAWSER_TEST_TEMPORAL');
  const namespace = `sizes-${randomUUID()}`;
  await makeNamespace(address, namespace);
  bench = await RecipeBench.open(address, namespace);
}, 120_000);
afterAll(() => bench?.close());

const kb = (n: number): string => 'x'.repeat(n * 1_000);
const write = (id: string, input: Record<string, string>) => ({ id, binding: 'target', operation: 'write', input });

async function ended(world: RecipeWorld, count: number): Promise<JobView[]> {
  await world.allDone(count);
  return world.views();
}

test('g03: steps that answer 900 KB each are done, cut and marked; what a later step reads is kept', async () => {
  const steps = [
    write('one', { record: 'trigger.recordId' }),
    write('two', { record: 'trigger.recordId', text: 'steps.one.note' }),
    write('three', { record: 'trigger.recordId' }),
  ];
  await bench.withRecipe({ steps }, async (world) => {
    for (const step of ['one', 'two', 'three'])
      world.app.answers.set(`/${step}`, { body: kb(900), note: kb(90), extra: kb(80) });
    world.app.change('r', 1);
    await world.recipe.executeUpdate(startRecipeUpdate);
    const [job] = await ended(world, 1);
    expect(job).toMatchObject({ status: 'succeeded', error: null });
    expect(job!.steps[0]).toMatchObject({ output: { id: 1, note: kb(90) }, cut: ['extra', 'body'] });
    expect(job!.steps[2]).toMatchObject({ output: { id: 3 }, cut: ['extra', 'note', 'body'] });
    expect(world.app.writes[1]!.input['text']).toBe(kb(90));
  });
}, 60_000);

test('g03: sixteen steps that answer 131 KB each end well, and the job stays under 1 MB', async () => {
  const steps = Array.from({ length: 16 }, (_, n) =>
    write(`s${n}`, { record: 'trigger.recordId', text: n === 0 ? '"x"' : `steps.s${n - 1}.body` }),
  );
  await bench.withRecipe({ steps }, async (world) => {
    world.app.answers.set('', { body: kb(95), rest: kb(36) });
    world.app.change('r', 1);
    await world.recipe.executeUpdate(startRecipeUpdate);
    const [job] = await ended(world, 1);
    expect(job).toMatchObject({ status: 'succeeded' });
    expect(jsonBytes(job)).toBeLessThan(1_000_000);
    expect(world.app.writes).toHaveLength(16);
    expect(job!.steps[0]).toMatchObject({ input: null, inputDropped: true, output: { id: 1 } });
  });
}, 120_000);

test('g03: an input over 100 KB is refused before anything is sent, and says which field', async () => {
  const steps = [
    write('one', { record: 'trigger.recordId', text: '$pad("", 9000, "x") & $join([1..12].$pad("", 9000, "y"))' }),
  ];
  await bench.withRecipe({ steps }, async (world) => {
    world.app.change('r', 1);
    await world.recipe.executeUpdate(startRecipeUpdate);
    const [job] = await ended(world, 1);
    expect(job).toMatchObject({ status: 'failed', error: { code: 'input_too_large', step: 'one' } });
    expect(job!.error!.text).toContain('"text"');
    expect(world.app.writes).toEqual([]);
  });
}, 60_000);

test('g03: an event of 2.2 MB is a failed job of its own, holds up nobody, and can be rerun when the record is smaller', async () => {
  await bench.withRecipe({ concurrency: 2 }, async (world) => {
    world.app.events.push({ recordId: 'big', stamp: '0', data: { recordId: 'big', value: 1, text: kb(2_200) } });
    world.app.change('small', 2);
    await world.recipe.executeUpdate(startRecipeUpdate);
    const views = await ended(world, 2);
    const failed = views.find((view) => view.event.recordId === 'big')!;
    expect(failed).toMatchObject({ status: 'failed', error: { code: 'event_too_large', step: null } });
    expect(failed.error!.text).toContain('2.2 MB');
    expect(views.find((view) => view.event.recordId === 'small')).toMatchObject({ status: 'succeeded' });
    expect((await world.status()).warning).toBeNull();

    world.app.events[0]!.data = { recordId: 'big', value: 7 };
    const workflowId = jobWorkflowId(world.parts.workspaceId, failed.jobId);
    await world.parts.client.workflow.start(JOB_WORKFLOW, {
      workflowId,
      taskQueue: TASK_QUEUE.jobs,
      args: [{ state: rerunOf(failed, Date.now()), after: null }],
    });
    const handle = world.parts.client.workflow.getHandle(workflowId);
    const again = await until(
      () => handle.query(jobQuery),
      (view) => view.endedAt !== null,
      'rerun',
    );
    expect(again).toMatchObject({ status: 'succeeded', event: { stamp: '0', data: { value: 7 } } });
  });
}, 60_000);

test('g27: what the recipe reads of an event is asked for, and what cannot be had is a warning in the job', async () => {
  await bench.withRecipe({}, async (world) => {
    world.app.missing = [{ field: 'value', text: 'The object has no field "value".' }];
    world.app.change('r', 1);
    await world.recipe.executeUpdate(startRecipeUpdate);
    const [job] = await ended(world, 1);
    expect(world.app.wished).toEqual(['recordId', 'value']);
    expect(job).toMatchObject({
      status: 'succeeded',
      warnings: [{ code: 'field_unavailable', field: 'value', text: 'The object has no field "value".' }],
    });
  });
}, 60_000);
