/**
 * Recipe and job workflows on a real Temporal server (HAWSER_TEST_TEMPORAL=host:port, namespace "hawser"), with their real activities
 * over a small app in memory. No actor and no store: those are tried with the whole stack.
 */
import { join } from 'node:path';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { bundleWorkflowCode, NativeConnection, Runtime, Worker, DefaultLogger } from '@temporalio/worker';
import type { Connector } from '#connector-sdk/connector.js';
import { HawserError, type ErrorCode } from '#domain/errors.js';
import { jobWorkflowId, mintId, recipeWorkflowId } from '#domain/ids.js';
import type { LeaseYes } from '#domain/lease.js';
import type { RecipeDefinition, TriggerEvent } from '#domain/recipe.js';
import { missingKey, recipeKey, waitingForKey, workspaceKey } from '#temporal/search-attributes.js';
import { cancelJobSignal, jobQuery, rebindJobSignal, type JobView } from '#workflows/job/messages.js';
import {
  bornRecipe,
  changeRecipeUpdate,
  deleteRecipeUpdate,
  recipeStatusQuery,
  rollRecipeSignal,
  startRecipeUpdate,
  stopRecipeUpdate,
  type RecipeView,
} from '#workflows/recipe/messages.js';
import { parkedRequirements, wakeWaiters } from '../app-calls/wake-waiters.js';
import { createJobActivities } from './job.js';
import { createRecipeActivities } from './recipe.js';

const address = process.env['HAWSER_TEST_TEMPORAL'];
const onServer = address ? describe : describe.skip;
const WORKSPACE = mintId('workspace');

/** The app: a list of changes, and what was written to it. */
class TinyApp {
  readonly events: TriggerEvent[] = [];
  readonly writes: { key: string; input: Record<string, unknown> }[] = [];
  /** Refusals of a connection; none: it is usable. */
  readonly refusals = new Map<string, { code: ErrorCode; requirement?: string }>();
  /** Failures of the next writes. */
  readonly failures: HawserError[] = [];
  looks = 0;
  polls = 0;

  change(recordId: string, value: number): void {
    this.events.push({ recordId, stamp: String(this.events.length), data: { recordId, value } });
  }

  readonly connector = {
    manifest: {
      app: 'tiny',
      name: 'Tiny',
      triggers: [{ name: 'changed', pollIntervalMs: 200 }],
      actions: [
        { name: 'write', idempotent: false },
        { name: 'write_blind', idempotent: false },
      ],
    },
    triggers: {
      changed: {
        poll: async (_: unknown, __: unknown, cursor: string | null) => {
          this.polls += 1;
          // The last event is read again each time, as a commit-lag overlap would.
          const from = Math.max(0, Number(cursor ?? 0) - 1);
          return { events: this.events.slice(from), cursor: String(this.events.length), more: false };
        },
      },
    },
    actions: {
      write: {
        run: (_: unknown, input: Record<string, unknown>, key: string) => this.write(input, key),
        lookUp: async (_: unknown, __: unknown, key: string) => this.find(key),
      },
      write_blind: { run: (_: unknown, input: Record<string, unknown>, key: string) => this.write(input, key) },
    },
  } as unknown as Connector;

  private async write(input: Record<string, unknown>, key: string): Promise<Record<string, unknown>> {
    const failure = this.failures.shift();
    if (failure) throw failure;
    this.writes.push({ key, input });
    return { id: this.writes.length };
  }

  private async find(key: string): Promise<Record<string, unknown> | null> {
    const index = this.writes.findIndex((write) => write.key === key);
    return index < 0 ? null : { id: index + 1 };
  }

  private refuse(connectionId: string): void {
    const refusal = this.refusals.get(connectionId);
    if (refusal)
      throw new HawserError(refusal.code, undefined, refusal.requirement ? { requirement: refusal.requirement } : {});
  }

  readonly calls = {
    caller: {
      check: async ({ connectionId }: { connectionId: string }) => {
        if (this.refusals.get(connectionId)?.requirement === undefined) this.refuse(connectionId);
        return { kind: 'yes', instanceId: 'instance' } as LeaseYes;
      },
      open: async ({ connectionId }: { connectionId: string }) => {
        this.refuse(connectionId);
        return { connector: this.connector, context: {}, version: () => 1, mayHaveHappened: () => false };
      },
      findManifest: () => this.connector.manifest,
    },
    actor: {
      lease: async ({ connectionId }: { connectionId: string }) => {
        this.looks += 1;
        const refusal = this.refusals.get(connectionId);
        return refusal && !refusal.requirement ? { kind: 'no', code: refusal.code } : { kind: 'yes', goodUntil: null };
      },
      status: async () => ({ proof: null }),
    },
  } as never;
}

onServer('recipes and jobs', () => {
  let connection: Connection;
  let native: NativeConnection;
  let client: Client;
  let bundle: { code: string };

  beforeAll(async () => {
    Runtime.install({ logger: new DefaultLogger('ERROR') });
    connection = await Connection.connect({ address: address! });
    native = await NativeConnection.connect({ address: address! });
    client = new Client({ connection, namespace: 'hawser' });
    bundle = await bundleWorkflowCode({
      workflowsPath: join(__dirname, 'recipe-and-job.workflows.ts'),
      webpackConfigHook: (config) => ({
        ...config,
        resolve: { ...config.resolve, extensionAlias: { '.js': ['.ts', '.js'] } },
      }),
      logger: new DefaultLogger('ERROR'),
    });
  }, 120_000);
  afterAll(async () => {
    await native?.close();
    await connection?.close();
  });

  /** A recipe over its own app, with workers for both queues; stopped at the end. */
  async function withRecipe(
    change: Partial<RecipeDefinition> & { operation?: string },
    body: (world: Awaited<ReturnType<typeof startWorld>>) => Promise<void>,
  ): Promise<void> {
    const world = await startWorld(change);
    try {
      await body(world);
    } finally {
      await world.stop();
    }
  }

  async function startWorld({ operation = 'write', ...change }: Partial<RecipeDefinition> & { operation?: string }) {
    const app = new TinyApp();
    const recipeId = mintId('recipe');
    const [source, target] = [mintId('connection'), mintId('connection')];
    const silent = { error: () => undefined, warn: () => undefined };
    const events = {
      jobParked: () => undefined,
      jobEnded: () => undefined,
      recipeParked: () => undefined,
      jobStarted: () => undefined,
    };
    const projections: { revision: number; state: string; deleted: boolean }[] = [];
    const store = {
      recipes: {
        project: async (_: string, __: string, projection: { revision: number; state: string; deleted: boolean }) =>
          projections.push(projection) > 0,
      },
    };
    const deps = { calls: app.calls, client, events, logger: silent, store };
    const common = {
      connection: native,
      namespace: 'hawser',
      workflowBundle: bundle,
      maxHeartbeatThrottleInterval: '500ms',
      defaultHeartbeatThrottleInterval: '500ms',
    } as const;
    const workers = [
      await Worker.create({ ...common, taskQueue: `recipes-${recipeId}`, activities: createRecipeActivities(deps) }),
      await Worker.create({ ...common, taskQueue: 'jobs', activities: createJobActivities(deps) }),
    ];
    const runs = workers.map((worker) => worker.run());
    const definition: RecipeDefinition = {
      trigger: { binding: 'source', operation: 'changed', input: {} },
      steps: [
        {
          id: 'one',
          binding: 'target',
          operation: 'write',
          input: { step: '"one"', record: 'trigger.recordId', value: 'trigger.value' },
        },
        {
          id: 'two',
          binding: 'target',
          operation,
          input: { step: '"two"', record: 'trigger.recordId', value: 'trigger.value', first: 'steps.one.id' },
        },
      ],
      concurrency: 30,
      ...change,
    };
    const bindings = { source: { app: 'tiny', connectionId: source }, target: { app: 'tiny', connectionId: target } };
    const recipe = await client.workflow.start('recipeWorkflow', {
      taskQueue: `recipes-${recipeId}`,
      workflowId: recipeWorkflowId(WORKSPACE, recipeId),
      args: [
        {
          state: bornRecipe({
            workspaceId: WORKSPACE,
            recipeId,
            name: 'r',
            version: 1,
            definition,
            bindings,
            at: Date.now(),
          }),
        },
      ],
      typedSearchAttributes: [
        { key: workspaceKey, value: WORKSPACE },
        { key: recipeKey, value: recipeId },
      ],
    });
    const stop = async (): Promise<void> => {
      await recipe.terminate('end of the test').catch(() => undefined);
      for await (const { workflowId } of client.workflow.list({
        query: `HawserRecipe = '${recipeId}' AND ExecutionStatus = 'Running'`,
      })) {
        await client.workflow
          .getHandle(workflowId)
          .terminate()
          .catch(() => undefined);
      }
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      await Promise.all(runs);
    };
    return { app, recipe, recipeId, source, target, definition, bindings, projections, stop };
  }

  type World = Awaited<ReturnType<typeof startWorld>>;

  async function until<T>(read: () => Promise<T>, good: (value: T) => boolean, what: string, ms = 20_000): Promise<T> {
    const end = Date.now() + ms;
    for (;;) {
      const value = await read();
      if (good(value)) return value;
      if (Date.now() > end) throw new Error(`${what}: ${JSON.stringify(value)}`);
      await new Promise((next) => setTimeout(next, 50));
    }
  }

  const status = (world: World): Promise<RecipeView> => world.recipe.query(recipeStatusQuery);
  const allDone = (world: World, started: number): Promise<RecipeView> =>
    until(
      () => status(world),
      (view) => view.jobsStarted === started && view.openJobs === 0,
      `${started} jobs done`,
    );

  async function jobsOf(world: World): Promise<WorkflowHandle[]> {
    const handles: WorkflowHandle[] = [];
    for await (const { workflowId } of client.workflow.list({
      query: `HawserRecipe = '${world.recipeId}' AND WorkflowType = 'jobWorkflow'`,
    }))
      handles.push(client.workflow.getHandle(workflowId));
    return handles;
  }
  const viewsOf = async (world: World): Promise<JobView[]> =>
    Promise.all((await jobsOf(world)).map((handle) => handle.query(jobQuery)));
  const parked = (world: World, count: number): Promise<JobView[]> =>
    until(
      () => viewsOf(world),
      (views) => views.filter((view) => view.status === 'waiting').length === count,
      `${count} parked`,
    );

  test('each event becomes one job, once, though it is read again; new ones follow', async () => {
    await withRecipe({}, async (world) => {
      for (let record = 0; record < 5; record += 1) world.app.change(`r${record}`, record);
      await world.recipe.executeUpdate(startRecipeUpdate);
      await allDone(world, 5);
      world.app.change('r9', 9);
      await allDone(world, 6);
      const polls = world.app.polls;
      await until(
        async () => world.app.polls,
        (count) => count > polls + 3,
        'polls go on',
      );
      expect(world.app.writes).toHaveLength(12);
      expect(
        world.app.writes.filter(({ input }) => input['record'] === 'r9').map(({ input }) => input['step']),
      ).toEqual(['one', 'two']);
      const view = await status(world);
      expect(view).toMatchObject({ jobsStarted: 6, cursors: { [world.source]: '6' }, warning: null });
      // Polls that find nothing leave no trace in the history.
      expect((await world.recipe.describe()).historyLength).toBeLessThan(120);
      expect(JSON.parse(world.projections.at(-1)!.state)).toMatchObject({
        recipeId: world.recipeId,
        status: 'running',
      });
    });
  }, 60_000);

  test('20 jobs parked at their second step finish exactly once after one sweep; the recipe waits and goes on', async () => {
    await withRecipe({}, async (world) => {
      world.app.refusals.set(world.target, { code: 'right_missing', requirement: 'things:write' });
      for (let record = 0; record < 20; record += 1) world.app.change(`r${record}`, record);
      await world.recipe.executeUpdate(startRecipeUpdate);
      await parked(world, 20);
      expect(
        await until(
          () => parkedRequirements({ client, connectionId: world.target }),
          (found) => found.length > 0,
          'requirements',
        ),
      ).toEqual(['things:write']);
      // The sweep for the connection itself leaves those that wait for a right alone.
      expect(
        await wakeWaiters({ client, connectionId: world.target, requirements: null, heartbeat: () => undefined }),
      ).toBe(0);
      world.app.refusals.set(world.target, { code: 'grant_revoked' });
      await wakeWaiters({
        client,
        connectionId: world.target,
        requirements: ['things:write'],
        heartbeat: () => undefined,
      });
      await until(
        () => viewsOf(world),
        (views) => views.every((view) => view.waitingFor?.code === 'grant_revoked'),
        'all wait for the connection',
      );
      world.app.change('late', 1);
      await until(
        () => status(world),
        (view) => view.status === 'waiting' && view.waitingFor?.connectionId === world.target,
        'the recipe waits',
      );
      const [first] = await jobsOf(world);
      const described = await until(
        () => first!.describe(),
        (info) => info.typedSearchAttributes.get(missingKey) === undefined,
        'missing is gone',
      );
      expect(described.typedSearchAttributes.get(waitingForKey)).toBe(world.target);
      world.app.refusals.clear();
      expect(
        await wakeWaiters({ client, connectionId: world.target, requirements: null, heartbeat: () => undefined }),
      ).toBeGreaterThan(0);
      await allDone(world, 21);
      const keys = world.app.writes.map(({ key }) => key);
      expect(keys).toHaveLength(42);
      expect(new Set(keys).size).toBe(42);
    });
  }, 90_000);

  test('a job that parked while the sweep ran looks by itself after 2 s', async () => {
    await withRecipe({}, async (world) => {
      world.app.failures.push(new HawserError('grant_revoked'));
      world.app.change('r', 1);
      await world.recipe.executeUpdate(startRecipeUpdate);
      await allDone(world, 1);
      expect(world.app.looks).toBe(1);
    });
  }, 60_000);

  test('three updates of one record run in order, the last one wins, also behind a parked job', async () => {
    await withRecipe({}, async (world) => {
      world.app.refusals.set(world.target, { code: 'right_missing', requirement: 'x' });
      for (const value of [1, 2, 3]) world.app.change('same', value);
      world.app.change('other', 4);
      await world.recipe.executeUpdate(startRecipeUpdate);
      const views = await parked(world, 2);
      expect(views.map((view) => view.status).sort()).toEqual(['queued', 'queued', 'waiting', 'waiting']);
      world.app.refusals.clear();
      await until(
        () => wakeWaiters({ client, connectionId: world.target, requirements: ['x'], heartbeat: () => undefined }),
        (woken) => woken > 0,
        'woken',
      );
      await allDone(world, 4);
      const values = world.app.writes
        .filter(({ input }) => input['record'] === 'same')
        .map(({ input }) => `${String(input['step'])}${String(input['value'])}`);
      expect(values).toEqual(['one1', 'two1', 'one2', 'two2', 'one3', 'two3']);
    });
  }, 60_000);

  test('a cancelled predecessor frees its successor', async () => {
    await withRecipe({ concurrency: 2 }, async (world) => {
      world.app.refusals.set(world.target, { code: 'right_missing', requirement: 'x' });
      world.app.change('same', 1);
      world.app.change('same', 2);
      await world.recipe.executeUpdate(startRecipeUpdate);
      const views = await parked(world, 1);
      const waiting = views.find((view) => view.status === 'waiting')!;
      world.app.refusals.clear();
      const handle = client.workflow.getHandle(jobWorkflowId(WORKSPACE, waiting.jobId));
      await handle.signal(cancelJobSignal);
      expect(await handle.result()).toMatchObject({ status: 'cancelled', error: { code: 'job_cancelled' } });
      await allDone(world, 2);
      expect(world.app.writes.map(({ input }) => input['value'])).toEqual([2, 2]);
    });
  }, 60_000);

  test('a write whose outcome is unknown is never sent again blindly: the job fails and can be read', async () => {
    await withRecipe({ operation: 'write_blind' }, async (world) => {
      world.app.change('r', 1);
      // The first write goes well, the second brings no answer.
      const { connector } = world.app;
      const run = connector.actions['write_blind']!.run;
      connector.actions['write_blind']!.run = async (...values) => {
        await run(...values);
        throw new HawserError('outcome_unknown');
      };
      await world.recipe.executeUpdate(startRecipeUpdate);
      await allDone(world, 1);
      const [job] = await jobsOf(world);
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
    await withRecipe({}, async (world) => {
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
        () => status(world),
        (view) => view.jobsStarted === 1 && view.openJobs === 0,
        'done',
        30_000,
      );
      expect(world.app.writes).toHaveLength(2);
      const [view] = await viewsOf(world);
      expect(view?.steps[1]).toMatchObject({ status: 'succeeded', attempts: 2, output: { id: 2 } });
    });
  }, 60_000);

  test('a fault that passes is repeated', async () => {
    await withRecipe({}, async (world) => {
      world.app.failures.push(
        new HawserError('app_unavailable'),
        new HawserError('rate_limited', undefined, { retryAfterMs: 10 }),
      );
      world.app.change('r', 1);
      await world.recipe.executeUpdate(startRecipeUpdate);
      await allDone(world, 1);
      expect((await viewsOf(world))[0]?.steps[0]).toMatchObject({ status: 'succeeded', attempts: 3, error: null });
    });
  }, 60_000);

  test('concurrency bounds the open jobs, and the backlog waits in the app', async () => {
    await withRecipe({ concurrency: 2 }, async (world) => {
      world.app.refusals.set(world.target, { code: 'right_missing', requirement: 'x' });
      for (let record = 0; record < 6; record += 1) world.app.change(`r${record}`, record);
      await world.recipe.executeUpdate(startRecipeUpdate);
      await parked(world, 2);
      expect(await status(world)).toMatchObject({ openJobs: 2, jobsStarted: 2, cursors: {} });
      world.app.refusals.clear();
      await until(
        () => wakeWaiters({ client, connectionId: world.target, requirements: ['x'], heartbeat: () => undefined }),
        (woken) => woken > 0,
        'woken',
      );
      await allDone(world, 6);
      expect(new Set(world.app.writes.map(({ key }) => key)).size).toBe(12);
      expect(world.app.writes).toHaveLength(12);
    });
  }, 60_000);

  test('stop ends polling at once; a change, a roll and a start go on from the cursor; delete ends it', async () => {
    await withRecipe({}, async (world) => {
      world.app.change('a', 1);
      await world.recipe.executeUpdate(startRecipeUpdate);
      await allDone(world, 1);
      expect(await world.recipe.executeUpdate(stopRecipeUpdate)).toMatchObject({ status: 'stopped' });
      await until(
        async () => world.app.polls,
        (before) => before > 0,
        'polled',
      );
      world.app.change('b', 2);
      const firstRun = (await world.recipe.describe()).runId;
      await world.recipe.signal(rollRecipeSignal);
      const latest = client.workflow.getHandle(world.recipe.workflowId);
      await until(
        () => latest.describe(),
        (info) => info.runId !== firstRun,
        'rolled',
      );
      expect(await latest.query(recipeStatusQuery)).toMatchObject({ status: 'stopped', jobsStarted: 1 });
      const definition = { ...world.definition, concurrency: 1 };
      await latest.executeUpdate(changeRecipeUpdate, {
        args: [{ version: 2, name: 'renamed', definition, bindings: world.bindings }],
      });
      await latest.executeUpdate(startRecipeUpdate);
      await until(
        () => latest.query(recipeStatusQuery),
        (view) => view.jobsStarted === 2 && view.openJobs === 0,
        'second job',
      );
      // While it polls it rolls too, and nothing is done twice.
      const secondRun = (await latest.describe()).runId;
      await latest.signal(rollRecipeSignal);
      await until(
        () => latest.describe(),
        (info) => info.runId !== secondRun,
        'rolled while polling',
      );
      world.app.change('c', 3);
      await until(
        () => latest.query(recipeStatusQuery),
        (view) => view.jobsStarted === 3 && view.openJobs === 0,
        'third job',
      );
      expect(world.app.writes.map(({ input }) => input['value'])).toEqual([1, 1, 2, 2, 3, 3]);
      expect(await latest.executeUpdate(deleteRecipeUpdate)).toMatchObject({
        status: 'deleted',
        version: 2,
        name: 'renamed',
      });
      await latest.result();
      expect(world.projections.at(-1)).toMatchObject({ deleted: true });
    });
  }, 90_000);

  test('a deleted connection: the job waits for a rebind and goes on with the other one', async () => {
    await withRecipe({}, async (world) => {
      world.app.change('r', 1);
      world.app.failures.push(new HawserError('connection_deleted'));
      await world.recipe.executeUpdate(startRecipeUpdate);
      const [view] = await parked(world, 1);
      const other = mintId('connection');
      await client.workflow
        .getHandle(jobWorkflowId(WORKSPACE, view!.jobId))
        .signal(rebindJobSignal, { binding: 'target', connectionId: other });
      await allDone(world, 1);
      expect((await viewsOf(world))[0]?.steps[0]).toMatchObject({ status: 'succeeded', connectionId: other });
    });
  }, 60_000);

  test('signals without input from the Web UI stall nothing', async () => {
    await withRecipe({}, async (world) => {
      world.app.refusals.set(world.target, { code: 'right_missing', requirement: 'x' });
      world.app.change('r', 1);
      await world.recipe.executeUpdate(startRecipeUpdate);
      await parked(world, 1);
      const [job] = await jobsOf(world);
      for (const signal of ['wake', 'predecessorDone', 'rebind', 'unknown']) await job!.signal(signal);
      for (const signal of ['wake', 'jobDone', 'unknown']) await world.recipe.signal(signal);
      expect(await job!.query(jobQuery)).toMatchObject({ status: 'waiting' });
      expect(await status(world)).toMatchObject({ status: 'running', openJobs: 1 });
    });
  }, 60_000);
});
