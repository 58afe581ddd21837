/** Recipes on a real Temporal server: polling, order of each record, stop, change, roll, delete. */
import { randomUUID } from 'node:crypto';
import { cancelJobSignal } from '#workflows/job/messages.js';
import {
  changeRecipeUpdate,
  deleteRecipeUpdate,
  rollRecipeSignal,
  startRecipeUpdate,
  stopRecipeUpdate,
} from '#workflows/recipe/messages.js';
import { makeNamespace, requiredEnv } from '../../../test/support/test-namespace.js';
import { RecipeBench } from './recipe-testing/recipe-bench.js';
import { until } from './recipe-testing/recipe-world.js';

let bench: RecipeBench;

beforeAll(async () => {
  const address = requiredEnv('HAWSER_TEST_TEMPORAL');
  const namespace = `recipes-${randomUUID()}`;
  await makeNamespace(address, namespace);
  bench = await RecipeBench.open(address, namespace);
}, 120_000);
afterAll(() => bench?.close());

test('each event becomes one job, once, though it is read again; new ones follow', async () => {
  await bench.withRecipe({}, async (world) => {
    for (let record = 0; record < 5; record += 1) world.app.change(`r${record}`, record);
    await world.recipe.executeUpdate(startRecipeUpdate);
    await world.allDone(5);
    world.app.change('r9', 9);
    await world.allDone(6);
    const polls = world.app.polls;
    await until(
      async () => world.app.polls,
      (count) => count > polls + 3,
      'polls go on',
    );
    expect(world.app.writes).toHaveLength(12);
    expect(world.app.writes.filter(({ input }) => input['record'] === 'r9').map(({ input }) => input['step'])).toEqual([
      'one',
      'two',
    ]);
    const view = await world.status();
    expect(view).toMatchObject({ jobsStarted: 6, cursors: { [world.parts.source]: '6' }, warning: null });
    // Polls that find nothing leave no trace in the history.
    expect((await world.recipe.describe()).historyLength).toBeLessThan(120);
    expect(JSON.parse(world.parts.projections.at(-1)!.state)).toMatchObject({
      recipeId: world.parts.recipeId,
      status: 'running',
    });
  });
}, 60_000);

test('g25: where another organization took the place of the old one, the cursor ends, and records of one id do not wait for each other', async () => {
  await bench.withRecipe({}, async (world) => {
    world.app.refusals.set(world.target, { code: 'right_missing', requirement: 'x' });
    world.app.change('same', 1);
    await world.recipe.executeUpdate(startRecipeUpdate);
    const [old] = await world.parked(1);
    world.app.refusals.clear();
    Object.assign(world.app, { instanceId: 'second', instanceSince: Date.now() });
    // The new organization is read from the recipe's own beginning; the old one's job stands where it stood.
    await until(
      async () => world.app.writes.length,
      (count) => count === 2,
      'the event of the new organization to be done',
    );
    expect((await world.status()).jobsStarted).toBe(2);
    expect(world.app.writes.every(({ key }) => !key.includes(old!.jobId))).toBe(true);
  });
}, 60_000);

test('three updates of one record run in order, the last one wins, also behind a parked job', async () => {
  await bench.withRecipe({}, async (world) => {
    world.app.refusals.set(world.target, { code: 'right_missing', requirement: 'x' });
    for (const value of [1, 2, 3]) world.app.change('same', value);
    world.app.change('other', 4);
    await world.recipe.executeUpdate(startRecipeUpdate);
    const views = await world.parked(2);
    expect(views.map((view) => view.status).sort()).toEqual(['queued', 'queued', 'waiting', 'waiting']);
    world.app.refusals.clear();
    await until(
      () => world.sweep(['x']),
      (woken) => woken > 0,
      'woken',
    );
    await world.allDone(4);
    const values = world.app.writes
      .filter(({ input }) => input['record'] === 'same')
      .map(({ input }) => `${String(input['step'])}${String(input['value'])}`);
    expect(values).toEqual(['one1', 'two1', 'one2', 'two2', 'one3', 'two3']);
  });
}, 60_000);

test('a cancelled predecessor frees its successor', async () => {
  await bench.withRecipe({ concurrency: 2 }, async (world) => {
    world.app.refusals.set(world.target, { code: 'right_missing', requirement: 'x' });
    world.app.change('same', 1);
    world.app.change('same', 2);
    await world.recipe.executeUpdate(startRecipeUpdate);
    const views = await world.parked(1);
    const waiting = views.find((view) => view.status === 'waiting')!;
    world.app.refusals.clear();
    const handle = world.job(waiting!);
    await handle.signal(cancelJobSignal);
    expect(await handle.result()).toMatchObject({ status: 'cancelled', error: { code: 'job_cancelled' } });
    await world.allDone(2);
    expect(world.app.writes.map(({ input }) => input['value'])).toEqual([2, 2]);
  });
}, 60_000);

test('concurrency bounds the open jobs, and the backlog waits in the app', async () => {
  await bench.withRecipe({ concurrency: 2 }, async (world) => {
    world.app.refusals.set(world.target, { code: 'right_missing', requirement: 'x' });
    for (let record = 0; record < 6; record += 1) world.app.change(`r${record}`, record);
    await world.recipe.executeUpdate(startRecipeUpdate);
    await world.parked(2);
    expect(await world.status()).toMatchObject({ openJobs: 2, jobsStarted: 2, cursors: {} });
    world.app.refusals.clear();
    await until(
      () => world.sweep(['x']),
      (woken) => woken > 0,
      'woken',
    );
    await world.allDone(6);
    expect(new Set(world.app.writes.map(({ key }) => key)).size).toBe(12);
    expect(world.app.writes).toHaveLength(12);
  });
}, 60_000);

test('stop ends polling at once; a change, a roll and a start go on from the cursor; delete ends it', async () => {
  await bench.withRecipe({}, async (world) => {
    world.app.change('a', 1);
    await world.recipe.executeUpdate(startRecipeUpdate);
    await world.allDone(1);
    expect(await world.recipe.executeUpdate(stopRecipeUpdate)).toMatchObject({ status: 'stopped' });
    await until(
      async () => world.app.polls,
      (before) => before > 0,
      'polled',
    );
    world.app.change('b', 2);
    const firstRun = (await world.recipe.describe()).runId;
    await world.recipe.signal(rollRecipeSignal);
    await until(
      () => world.recipe.describe(),
      (info) => info.runId !== firstRun,
      'rolled',
    );
    expect(await world.status()).toMatchObject({ status: 'stopped', jobsStarted: 1 });
    const definition = { ...world.parts.definition, concurrency: 1 };
    await world.recipe.executeUpdate(changeRecipeUpdate, {
      args: [{ version: 2, name: 'renamed', definition, bindings: world.parts.bindings }],
    });
    await world.recipe.executeUpdate(startRecipeUpdate);
    await until(
      () => world.status(),
      (view) => view.jobsStarted === 2 && view.openJobs === 0,
      'second job',
    );
    // While it polls it rolls too, and nothing is done twice.
    const secondRun = (await world.recipe.describe()).runId;
    await world.recipe.signal(rollRecipeSignal);
    await until(
      () => world.recipe.describe(),
      (info) => info.runId !== secondRun,
      'rolled while polling',
    );
    world.app.change('c', 3);
    await until(
      () => world.status(),
      (view) => view.jobsStarted === 3 && view.openJobs === 0,
      'third job',
    );
    expect(world.app.writes.map(({ input }) => input['value'])).toEqual([1, 1, 2, 2, 3, 3]);
    expect(await world.recipe.executeUpdate(deleteRecipeUpdate)).toMatchObject({
      status: 'deleted',
      version: 2,
      name: 'renamed',
    });
    await world.recipe.result();
    expect(world.parts.projections.at(-1)).toMatchObject({ deleted: true });
  });
}, 90_000);
