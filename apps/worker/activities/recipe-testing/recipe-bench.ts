/** Runs the recipe and job workflows on a real Temporal server, with their real activities over a small app in memory. */
import { join } from 'node:path';
import { Context } from '@temporalio/activity';
import { Client, Connection } from '@temporalio/client';
import {
  bundleWorkflowCode,
  DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import { mintId, recipeWorkflowId } from '#domain/ids.js';
import type { RecipeDefinition } from '#domain/recipe.js';
import { createMappingPool } from '#mapping/mapping-pool.js';
import { recipeKey, workspaceKey } from '#temporal/search-attributes.js';
import { TASK_QUEUE } from '#temporal/task-queues.js';
import type { JobActivities } from '#workflows/job/activities.js';
import { bornRecipe, RECIPE_WORKFLOW, type RecipeWorkflowInput } from '#workflows/recipe/messages.js';
import { createJobActivities } from '../job.js';
import { createRecipeActivities } from '../recipe.js';
import { SLOT_LIMITS } from '../step-slots.js';
import { RecipeWorld, type Projection } from './recipe-world.js';
import { TinyApp } from './tiny-app.js';

/** What a test may change of the recipe; `operation` is that of the second step. */
export type RecipeWish = Partial<RecipeDefinition> & { operation?: string; slots?: number };

export class RecipeBench {
  private readonly mappings = createMappingPool();

  private constructor(
    readonly client: Client,
    private readonly connection: Connection,
    private readonly native: NativeConnection,
    private readonly namespace: string,
    private readonly workflowBundle: WorkflowBundleWithSourceMap,
  ) {}

  static async open(address: string, namespace: string): Promise<RecipeBench> {
    Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('ERROR') });
    const connection = await Connection.connect({ address });
    const native = await NativeConnection.connect({ address });
    const bundle = await bundleWorkflowCode({
      workflowsPath: join(__dirname, 'workflows.ts'),
      // The sources name each other as the compiled files do.
      webpackConfigHook: (config) => ({
        ...config,
        resolve: { ...config.resolve, extensionAlias: { '.js': ['.ts', '.js'] } },
      }),
      logger: new DefaultLogger('ERROR'),
    });
    return new RecipeBench(new Client({ connection, namespace }), connection, native, namespace, bundle);
  }

  async close(): Promise<void> {
    await this.mappings.close();
    await this.native.close();
    await this.connection.close();
  }

  /** A recipe over its own app, with workers for recipes and jobs; all of it is ended afterwards. */
  async withRecipe({ slots, ...wish }: RecipeWish, body: (world: RecipeWorld) => Promise<void>): Promise<void> {
    const app = new TinyApp();
    const projections: Projection[] = [];
    const workers = await this.startWorkers(app, projections, slots ?? SLOT_LIMITS.perConnection);
    const runs = workers.map((worker) => worker.run());
    const world = await this.startRecipe(wish, app, projections);
    try {
      await body(world);
    } finally {
      await world.terminate();
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      await Promise.all(runs);
    }
  }

  private async startWorkers(app: TinyApp, projections: Projection[], slots: number): Promise<Worker[]> {
    const nothing = (): undefined => undefined;
    const deps = {
      calls: app.calls,
      client: this.client,
      mappings: this.mappings,
      slots: { ...SLOT_LIMITS, perConnection: slots },
      events: { jobParked: nothing, jobEnded: nothing, recipeParked: nothing, jobStarted: nothing },
      eventLog: { note: nothing },
      logger: { error: nothing, warn: nothing },
      store: {
        recipes: { project: async (_: string, __: string, projection: Projection) => projections.push(projection) > 0 },
      },
    };
    const { native: connection, namespace, workflowBundle } = this;
    const common = {
      connection,
      namespace,
      workflowBundle,
      maxHeartbeatThrottleInterval: '500 ms',
      defaultHeartbeatThrottleInterval: '500 ms',
    } as const;
    return [
      await Worker.create({ ...common, taskQueue: TASK_QUEUE.recipes, activities: createRecipeActivities(deps) }),
      await Worker.create({
        ...common,
        taskQueue: TASK_QUEUE.jobs,
        activities: losing(createJobActivities(deps), app),
      }),
    ];
  }

  private async startRecipe(wish: RecipeWish, app: TinyApp, projections: Projection[]): Promise<RecipeWorld> {
    const [workspaceId, recipeId, source, target] = [
      mintId('workspace'),
      mintId('recipe'),
      mintId('connection'),
      mintId('connection'),
    ];
    const bindings = { source: { app: 'tiny', connectionId: source }, target: { app: 'tiny', connectionId: target } };
    const definition = definitionOf(wish);
    const state = bornRecipe({ workspaceId, recipeId, name: 'r', version: 1, definition, bindings, at: Date.now() });
    const workflowId = recipeWorkflowId(workspaceId, recipeId);
    await this.client.workflow.start<(input: RecipeWorkflowInput) => Promise<unknown>>(RECIPE_WORKFLOW, {
      taskQueue: TASK_QUEUE.recipes,
      workflowId,
      args: [{ state }],
      typedSearchAttributes: [
        { key: workspaceKey, value: workspaceId },
        { key: recipeKey, value: recipeId },
      ],
    });
    // A handle without a run id follows the recipe when it rolls over.
    const recipe = this.client.workflow.getHandle(workflowId);
    return new RecipeWorld({
      client: this.client,
      app,
      recipe,
      workspaceId,
      recipeId,
      source,
      target,
      definition,
      bindings,
      projections,
    });
  }
}

/** Two steps that write through the same connection. */
function definitionOf({ operation = 'write', ...change }: RecipeWish): RecipeDefinition {
  const input = { record: 'trigger.recordId', value: 'trigger.value' };
  return {
    trigger: { binding: 'source', operation: 'changed', input: {} },
    steps: [
      { id: 'one', binding: 'target', operation: 'write', input: { ...input, step: '"one"' } },
      { id: 'two', binding: 'target', operation, input: { ...input, step: '"two"', first: 'steps.one.id' } },
    ],
    concurrency: 30,
    ...change,
  };
}

/** The worker does its work, and its result never arrives: what a server that goes away at the wrong moment does. */
function losing(activities: JobActivities, { lostResults }: TinyApp): JobActivities {
  return {
    ...activities,
    runStep: async (input) => {
      const outcome = await activities.runStep(input);
      if (lostResults.delete(input.step.id)) await Context.current().cancelled;
      return outcome;
    },
  };
}
