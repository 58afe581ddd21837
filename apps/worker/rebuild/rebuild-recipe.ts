/**
 * Starts one recipe again from its projection, with its cursors. A job that ran meanwhile is "already started" by its id; one that
 * Temporal does not know any more was lost with its database, and is told: what it did at the apps nobody can know.
 */
import type { Client } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { jobWorkflowId, recipeWorkflowId } from '#domain/ids.js';
import type { Store } from '#store/connect-store.js';
import type { RecipeDocument } from '#store/documents.js';
import { recipeKey, statusKey, workspaceKey } from '#temporal/search-attributes.js';
import { TASK_QUEUE } from '#temporal/task-queues.js';
import {
  bornRecipe,
  RECIPE_WORKFLOW,
  recipeStatusQuery,
  type OpenJob,
  type RecipeState,
  type RecipeView,
} from '#workflows/recipe/messages.js';
import { rebuiltRecipe } from '#workflows/recipe/state.js';
import { isClosed } from '../activities/job-closed.js';
import { rebuildRun, runOf, type Projected, type RebuildOutcome } from './rebuild-run.js';

export interface RebuildRecipeWish {
  client: Client;
  store: Store;
  document: RecipeDocument;
  onlyMissing: boolean;
}

export async function rebuildRecipe({
  client,
  store,
  document,
  onlyMissing,
}: RebuildRecipeWish): Promise<{ outcome: RebuildOutcome; lostJobs: OpenJob[] }> {
  let lostJobs: OpenJob[] = [];
  const projected = projectedRecipe(store, document, async (state) => {
    const { lost, closed } = await jobsNotRunning(client, state);
    lostJobs = lost;
    return [...lost, ...closed].map(({ jobId }) => jobId);
  });
  const outcome = await rebuildRun(client, projected, onlyMissing);
  return { outcome, lostJobs: outcome === 'rebuilt' ? lostJobs : [] };
}

type FindEnded = (state: RecipeState) => Promise<string[]>;

export function projectedRecipe(
  store: Store,
  { workspaceId, _id }: RecipeDocument,
  findEnded: FindEnded,
): Projected<RecipeDocument, RecipeView> {
  return {
    workflowId: recipeWorkflowId(workspaceId, _id),
    workflowType: RECIPE_WORKFLOW,
    kind: 'recipe',
    workspaceId,
    taskQueue: TASK_QUEUE.recipes,
    summary: 'Recipe',
    statusQuery: recipeStatusQuery,
    async read() {
      const stored = await store.recipes.get(workspaceId, _id);
      return stored === null || stored.deleted ? null : stored;
    },
    isBehind: (view, stored) => view.revision < stored.revision,
    async birth(stored) {
      const before = stateOf(stored);
      const { name, version, definition, bindings } = stored;
      const state = rebuiltRecipe(before, { name, version, definition, bindings }, await findEnded(before), Date.now());
      const attributes = new TypedSearchAttributes([
        { key: workspaceKey, value: workspaceId },
        { key: recipeKey, value: _id },
        { key: statusKey, value: state.status },
      ]);
      return { state, attributes };
    },
  };
}

function stateOf({
  _id,
  workspaceId,
  name,
  version,
  definition,
  bindings,
  state,
  createdAt,
}: RecipeDocument): RecipeState {
  if (state !== null) return JSON.parse(state) as RecipeState;
  return bornRecipe({ workspaceId, recipeId: _id, name, version, definition, bindings, at: createdAt });
}

/** Jobs that ended after the projection was written would hold places of the recipe's `concurrency`. */
async function jobsNotRunning(
  client: Client,
  { workspaceId, openJobs }: RecipeState,
): Promise<{ lost: OpenJob[]; closed: OpenJob[] }> {
  const lost: OpenJob[] = [];
  const closed: OpenJob[] = [];
  for (const job of openJobs) {
    const run = await runOf(client, jobWorkflowId(workspaceId, job.jobId));
    if (run === 'MISSING') lost.push(job);
    else if (run !== 'RUNNING' && (await isClosed(client, workspaceId, job.jobId))) closed.push(job);
  }
  return { lost, closed };
}
