/** Makes a recipe: its document first, then its workflow, stopped. Repeatable with the same id. */
import { TypedSearchAttributes, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { recipeWorkflowId } from '#domain/ids.js';
import type { RecipeBindings, RecipeDefinition } from '#domain/recipe.js';
import type { RecipeDocument } from '#store/documents.js';
import { recipeKey, statusKey, workspaceKey } from '#temporal/search-attributes.js';
import { TASK_QUEUE } from '#temporal/task-queues.js';
import { runPriority } from '#temporal/run-priority.js';
import { bornRecipe, RECIPE_WORKFLOW, type RecipeState } from '#workflows/recipe/messages.js';
import type { GatewayServices } from '../ports.js';
import { temporalCall } from '../temporal/temporal-call.js';

export interface RecipeBirth {
  workspaceId: string;
  recipeId: string;
  name: string;
  definition: RecipeDefinition;
  bindings: RecipeBindings;
}

export async function createRecipe(services: GatewayServices, birth: RecipeBirth): Promise<RecipeDocument> {
  const { store } = services;
  const { workspaceId, recipeId, ...rest } = birth;
  const at = Date.now();
  const state = bornRecipe({ ...birth, version: 1, at });
  const fresh: RecipeDocument = {
    _id: recipeId,
    workspaceId,
    ...rest,
    version: 1,
    createdAt: at,
    updatedAt: at,
    revision: state.revision,
    state: JSON.stringify(state),
    deleted: false,
  };
  const inserted = await store.recipes.insert(fresh);
  const document = inserted ? fresh : ((await store.recipes.get(workspaceId, recipeId)) ?? fresh);
  if (!document.deleted)
    await startWorkflow(
      services,
      inserted || document.state === null ? state : (JSON.parse(document.state) as RecipeState),
    );
  return document;
}

async function startWorkflow({ client }: GatewayServices, state: RecipeState): Promise<void> {
  const { workspaceId, recipeId, status } = state;
  try {
    await temporalCall(client, () =>
      client.workflow.start(RECIPE_WORKFLOW, {
        workflowId: recipeWorkflowId(workspaceId, recipeId),
        taskQueue: TASK_QUEUE.recipes,
        args: [{ state }],
        priority: runPriority('recipe', workspaceId),
        workflowIdConflictPolicy: 'USE_EXISTING',
        // A workflow that has ended was deleted: a late repeat of its creation must not bring it back.
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        typedSearchAttributes: new TypedSearchAttributes([
          { key: workspaceKey, value: workspaceId },
          { key: recipeKey, value: recipeId },
          { key: statusKey, value: status },
        ]),
        staticSummary: 'Recipe',
      }),
    );
  } catch (error) {
    if (!(error instanceof Error && error.cause instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
