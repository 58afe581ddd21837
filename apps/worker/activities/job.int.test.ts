/** Jobs on a real Temporal server: parking and waking, repeats by class, rebind. */
import { randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { HawserError } from '#domain/errors.js';
import { mintId } from '#domain/ids.js';
import { missingKey, waitingForKey } from '#temporal/search-attributes.js';
import { jobQuery, rebindJobSignal } from '#workflows/job/messages.js';
import { startRecipeUpdate } from '#workflows/recipe/messages.js';
import { makeNamespace, requiredEnv } from '../../../test/support/test-namespace.js';
import { parkedRequirements } from '../app-calls/wake-waiters.js';
import { RecipeBench } from './recipe-testing/recipe-bench.js';
import { until, type RecipeWorld } from './recipe-testing/recipe-world.js';

let bench: RecipeBench;

beforeAll(async () => {
  const address = requiredEnv('HAWSER_TEST_TEMPORAL');
  const namespace = `recipes-${randomUUID()}`;
  await makeNamespace(address, namespace);
  bench = await RecipeBench.open(address, namespace);
}, 120_000);
afterAll(() => bench?.close());

test('20 jobs parked at their second step finish exactly once after one sweep; the recipe waits and goes on', async () => {
  await bench.withRecipe({}, async (world) => {
    world.app.refusals.set(world.target, { code: 'right_missing', requirement: 'things:write' });
    for (let record = 0; record < 20; record += 1) world.app.change(`r${record}`, record);
    await world.recipe.executeUpdate(startRecipeUpdate);
    await world.parked(20);
    await until(
      () => world.visiblyParked(),
      (count) => count === 20,
      'visible to a sweep',
    );
    expect(await parkedRequirements({ client: bench.client, connectionId: world.target })).toEqual(['things:write']);
    // The sweep for the connection itself leaves those that wait for a right alone.
    expect(await world.sweep(null)).toBe(0);
    world.app.refusals.set(world.target, { code: 'grant_revoked' });
    await world.sweep(['things:write']);
    await until(
      () => world.views(),
      (views) => views.every((view) => view.waitingFor?.code === 'grant_revoked'),
      'all wait for the connection',
    );
    world.app.change('late', 1);
    await until(
      () => world.status(),
      (view) => view.status === 'waiting' && view.waitingFor?.connectionId === world.target,
      'the recipe waits',
    );
    const [first] = await world.jobs();
    const described = await until(
      () => first!.describe(),
      (info) => info.typedSearchAttributes.get(missingKey) === undefined,
      'missing is gone',
    );
    expect(described.typedSearchAttributes.get(waitingForKey)).toBe(world.target);
    world.app.refusals.clear();
    expect(await world.sweep(null)).toBeGreaterThan(0);
    await world.allDone(21);
    const keys = world.app.writes.map(({ key }) => key);
    expect(keys).toHaveLength(42);
    expect(new Set(keys).size).toBe(42);
  });
}, 90_000);

test('a job that parked while the sweep ran looks by itself after 2 s', async () => {
  await bench.withRecipe({}, async (world) => {
    world.app.failures.push(new HawserError('grant_revoked'));
    world.app.change('r', 1);
    await world.recipe.executeUpdate(startRecipeUpdate);
    await world.allDone(1);
    expect(world.app.looks).toBe(1);
  });
}, 60_000);

test('a write whose outcome is unknown is never sent again blindly: the job fails and can be read', async () => {
  await bench.withRecipe({ operation: 'write_blind' }, async (world) => {
    world.app.change('r', 1);
    // The first write goes well, the second brings no answer.
    const { connector } = world.app;
    const run = connector.actions['write_blind']!.run;
    connector.actions['write_blind']!.run = async (...values) => {
      await run(...values);
      throw new HawserError('outcome_unknown');
    };
    await world.recipe.executeUpdate(startRecipeUpdate);
    await world.allDone(1);
    const [job] = await world.jobs();
    await expect(job!.result()).rejects.toMatchObject({ cause: { type: 'outcome_unknown' } });
    const view = await job!.query(jobQuery);
    expect(view).toMatchObject({ status: 'failed', error: { code: 'outcome_unknown', step: 'two' } });
    expect(view.steps.map((step) => [step.status, step.attempts])).toEqual([
      ['succeeded', 1],
      ['failed', 1],
    ]);
    expect(world.app.writes).toHaveLength(2);
  });
}, 60_000);

test('a lost answer is looked up by the key of the step, and the write is not repeated', async () => {
  await bench.withRecipe({}, async (world) => {
    const { connector } = world.app;
    const run = connector.actions['write']!.run;
    let lost = false;
    connector.actions['write']!.run = async (...values) => {
      const written = await run(...values);
      if (lost || values[1]['step'] !== 'two') return written;
      lost = true;
      throw new HawserError('outcome_unknown');
    };
    world.app.change('r', 1);
    await world.recipe.executeUpdate(startRecipeUpdate);
    await until(
      () => world.status(),
      (view) => view.jobsStarted === 1 && view.openJobs === 0,
      'done',
      30_000,
    );
    expect(world.app.writes).toHaveLength(2);
    const [view] = await world.views();
    expect(view?.steps[1]).toMatchObject({ status: 'succeeded', attempts: 2, output: { id: 2 } });
  });
}, 60_000);

test.each([
  ['is looked up first, and not written twice', false, 1],
  ['is written again when it cannot be looked up', true, 2],
])(
  'a write that may be repeated, its answer lost, %s',
  async (_, blind, writes) => {
    await bench.withRecipe({ operation: 'set' }, async (world) => {
      const set = world.app.connector.actions['set']!;
      const { run } = set;
      set.run = async (...values) => {
        set.run = run;
        await run(...values);
        throw new HawserError('app_unavailable');
      };
      world.app.blind = blind;
      world.app.change('r', 1);
      await world.recipe.executeUpdate(startRecipeUpdate);
      await world.allDone(1);
      const [view] = await world.views();
      expect(view).toMatchObject({ status: 'succeeded', steps: [{}, { attempts: 2 }] });
      expect(world.app.writes.filter(({ key }) => key.endsWith('/two'))).toHaveLength(writes);
      expect(world.app.lookUps).toBe(1);
    });
  },
  60_000,
);

test('a result that is lost on its way is taken from the last heartbeat: no second write, no look', async () => {
  await bench.withRecipe({ operation: 'write_blind' }, async (world) => {
    world.app.lostResults.add('two');
    world.app.change('r', 1);
    await world.recipe.executeUpdate(startRecipeUpdate);
    await until(
      () => world.status(),
      (view) => view.jobsStarted === 1 && view.openJobs === 0,
      'done',
      60_000,
    );
    expect(world.app.writes).toHaveLength(2);
    const [view] = await world.views();
    expect(view).toMatchObject({ status: 'succeeded', steps: [{}, { attempts: 1, output: { id: 2 } }] });
  });
}, 90_000);

/** One step by an idempotency key; the answer to its first request is lost. */
async function loseAnAnswer(operation: string, body: (world: RecipeWorld) => Promise<void>): Promise<void> {
  const input = { record: 'trigger.recordId', at: '$now() & "/" & $random()' };
  const steps = [{ id: 'one', binding: 'target', operation, input }];
  await bench.withRecipe({ steps }, async (world) => {
    const action = world.app.connector.actions[operation]!;
    const { run } = action;
    action.run = async (...values) => {
      action.run = run;
      await run(...values);
      throw new HawserError('app_unavailable');
    };
    world.app.change('r', 1);
    await world.recipe.executeUpdate(startRecipeUpdate);
    await world.allDone(1);
    await body(world);
  });
}

test('g07: while the app knows the key, each try sends what the first one has evaluated', async () => {
  await loseAnAnswer('write_keyed', async (world) => {
    const [first, second] = world.app.writes;
    expect(second).toEqual(first);
    const [view] = await world.views();
    expect(view).toMatchObject({ status: 'succeeded', steps: [{ attempts: 2, input: first!.input }] });
  });
}, 60_000);

test('g07: once the app may have forgotten the key, an unanswered request is not sent again blindly', async () => {
  await loseAnAnswer('write_keyed_briefly', async (world) => {
    const [view] = await world.views();
    expect(view).toMatchObject({ status: 'failed', error: { code: 'outcome_unknown', step: 'one' } });
    expect(world.app.writes).toHaveLength(1);
  });
}, 60_000);

test('a fault that passes is repeated', async () => {
  await bench.withRecipe({}, async (world) => {
    world.app.failures.push(
      new HawserError('app_unavailable'),
      new HawserError('rate_limited', undefined, { retryAfterMs: 10 }),
    );
    world.app.change('r', 1);
    await world.recipe.executeUpdate(startRecipeUpdate);
    await world.allDone(1);
    expect((await world.views())[0]?.steps[0]).toMatchObject({ status: 'succeeded', attempts: 3, error: null });
  });
}, 60_000);

test('a deleted connection: the job waits for a rebind and goes on with the other one', async () => {
  await bench.withRecipe({}, async (world) => {
    world.app.change('r', 1);
    world.app.failures.push(new HawserError('connection_deleted'));
    await world.recipe.executeUpdate(startRecipeUpdate);
    const [view] = await world.parked(1);
    const other = mintId('connection');
    await world.job(view!).signal(rebindJobSignal, { binding: 'target', connectionId: other });
    await world.allDone(1);
    expect((await world.views())[0]?.steps[0]).toMatchObject({ status: 'succeeded', connectionId: other });
  });
}, 60_000);

test('signals without input from the Web UI stall nothing', async () => {
  await bench.withRecipe({}, async (world) => {
    world.app.refusals.set(world.target, { code: 'right_missing', requirement: 'x' });
    world.app.change('r', 1);
    await world.recipe.executeUpdate(startRecipeUpdate);
    await world.parked(1);
    const [job] = await world.jobs();
    for (const signal of ['wake', 'predecessorDone', 'rebind', 'unknown']) await job!.signal(signal);
    for (const signal of ['wake', 'jobDone', 'unknown']) await world.recipe.signal(signal);
    expect(await job!.query(jobQuery)).toMatchObject({ status: 'waiting' });
    expect(await world.status()).toMatchObject({ status: 'running', openJobs: 1 });
  });
}, 60_000);

test('g20: steps of one connection have their share of slots; each carries the workspace as whose turn it is', async () => {
  await bench.withRecipe({ slots: 3 }, async (world) => {
    let [now, most] = [0, 0];
    const carried = new Set<string>();
    const run = world.app.connector.actions['write']!.run;
    world.app.connector.actions['write']!.run = async (...values) => {
      carried.add(JSON.stringify(Context.current().info.priority));
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 300));
      now -= 1;
      return run(...values);
    };
    for (let record = 0; record < 8; record += 1) world.app.change(`r${record}`, record);
    await world.recipe.executeUpdate(startRecipeUpdate);
    await world.allDone(8);
    expect(most).toBe(3);
    expect(world.app.writes).toHaveLength(16);
    // Those that were turned away have not tried.
    for (const view of await world.views())
      expect(view.steps.map((step) => [step.status, step.attempts])).toEqual([
        ['succeeded', 1],
        ['succeeded', 1],
      ]);
    expect([...carried].map((text) => JSON.parse(text) as object)).toEqual([
      expect.objectContaining({ priorityKey: 4, fairnessKey: world.parts.workspaceId }),
    ]);
  });
}, 90_000);
