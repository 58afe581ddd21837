/** What a test sees of one recipe: the app behind it, its workflow and its jobs. It waits for states, never for a time. */
import type { Client, WorkflowHandle } from '@temporalio/client';
import { jobWorkflowId } from '#domain/ids.js';
import type { RecipeDefinition } from '#domain/recipe.js';
import { jobQuery, type JobView } from '#workflows/job/messages.js';
import { recipeStatusQuery, type RecipeView } from '#workflows/recipe/messages.js';
import { wakeWaiters } from '../../app-calls/wake-waiters.js';
import type { TinyApp } from './tiny-app.js';

export interface Projection {
  revision: number;
  state: string;
  deleted: boolean;
}

export interface RecipeWorldParts {
  client: Client;
  app: TinyApp;
  recipe: WorkflowHandle;
  workspaceId: string;
  recipeId: string;
  source: string;
  target: string;
  definition: RecipeDefinition;
  bindings: Record<string, { app: string; connectionId: string }>;
  projections: Projection[];
}

export class RecipeWorld {
  constructor(readonly parts: RecipeWorldParts) {}

  get app(): TinyApp {
    return this.parts.app;
  }

  get recipe(): WorkflowHandle {
    return this.parts.recipe;
  }

  get target(): string {
    return this.parts.target;
  }

  status(): Promise<RecipeView> {
    return this.recipe.query(recipeStatusQuery);
  }

  /** Until so many jobs were started in all and none is open. */
  allDone(started: number): Promise<RecipeView> {
    return until(
      () => this.status(),
      (view) => view.jobsStarted === started && view.openJobs === 0,
      `${started} jobs done`,
    );
  }

  async jobs(): Promise<WorkflowHandle[]> {
    const { client, recipeId } = this.parts;
    const handles: WorkflowHandle[] = [];
    const query = `HawserRecipe = '${recipeId}' AND WorkflowType = 'jobWorkflow'`;
    for await (const { workflowId } of client.workflow.list({ query }))
      handles.push(client.workflow.getHandle(workflowId));
    return handles;
  }

  job({ jobId }: { jobId: string }): WorkflowHandle {
    return this.parts.client.workflow.getHandle(jobWorkflowId(this.parts.workspaceId, jobId));
  }

  async views(): Promise<JobView[]> {
    return Promise.all((await this.jobs()).map((handle) => handle.query(jobQuery)));
  }

  /** Until so many jobs are parked; answers with all jobs. */
  parked(count: number): Promise<JobView[]> {
    return until(
      () => this.views(),
      (views) => views.filter((view) => view.status === 'waiting').length === count,
      `${count} parked`,
    );
  }

  /** How many a sweep over the target would find now: visibility lags behind what is parked. */
  async visiblyParked(): Promise<number> {
    const { client } = this.parts;
    return (await client.workflow.count(`HawserWaitingFor = '${this.target}' AND ExecutionStatus = 'Running'`)).count;
  }

  /** One sweep over what waits for the target. */
  sweep(requirements: string[] | null): Promise<number> {
    return wakeWaiters({
      client: this.parts.client,
      connectionId: this.target,
      requirements,
      heartbeat: () => undefined,
    });
  }

  async terminate(): Promise<void> {
    await this.recipe.terminate('end of the test').catch(() => undefined);
    for (const job of await this.jobs()) await job.terminate('end of the test').catch(() => undefined);
  }
}

/** Reads until the value is good; fails with what was read last. */
export async function until<T>(
  read: () => Promise<T>,
  good: (value: T) => boolean,
  what: string,
  ms = 30_000,
): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const value = await read();
    if (good(value)) return value;
    if (Date.now() > end) throw new Error(`${what}: ${JSON.stringify(value).slice(0, 2_000)}`);
    await new Promise((next) => setTimeout(next, 50));
  }
}
