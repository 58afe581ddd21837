import { HawserError } from '#domain/errors.js';
import { recipeWorkflowId } from '#domain/ids.js';
import type { RecipeDocument } from '#store/documents.js';
import { queryActor } from '#temporal/query-actor.js';
import { updateActor } from '#temporal/update-actor.js';
import type { UpdateDefinition } from '@temporalio/common';
import { recipeStatusQuery, type RecipeView } from '#workflows/recipe/messages.js';
import type { GatewayServices } from '../ports.js';
import { notFound } from '../problems/problem-error.js';
import { GLANCE_DEADLINE_MS, TEMPORAL_DEADLINE_MS } from '../temporal/temporal-call.js';
import { projectedRecipe } from './recipe-answer.js';

/** The document of a living recipe; 404 for an unknown, foreign or deleted one. */
export async function findRecipe({ store }: GatewayServices, workspaceId: string, id: string): Promise<RecipeDocument> {
  const recipe = await store.recipes.get(workspaceId, id);
  if (!recipe || recipe.deleted) throw notFound('recipe', id);
  return recipe;
}

/** The workflow's view if it answers soon, else the projection, marked. */
export async function glanceAtRecipe(
  { client }: GatewayServices,
  document: RecipeDocument,
): Promise<{ view: RecipeView; stale: boolean }> {
  try {
    const view = await queryActor(client, {
      workflowId: recipeWorkflowId(document.workspaceId, document._id),
      query: recipeStatusQuery,
      args: [],
      deadlineMs: GLANCE_DEADLINE_MS,
      openOnly: true,
    });
    if (view.status !== 'deleted') return { view, stale: false };
  } catch {
    return { view: projectedRecipe(document), stale: true };
  }
  throw notFound('recipe', document._id);
}

/** A workflow that is not there may have ended since its document was read, by the deletion of its recipe: that is a 404. */
export function updateRecipe<Args extends unknown[]>(
  services: GatewayServices,
  { workspaceId, _id }: RecipeDocument,
  wish: { update: UpdateDefinition<RecipeView, Args>; args: Args; updateId: string },
): Promise<RecipeView> {
  return updateActor(services.client, {
    workflowId: recipeWorkflowId(workspaceId, _id),
    deadlineMs: TEMPORAL_DEADLINE_MS,
    whenLost: 'actor_lost',
    ...wish,
  }).catch(async (error: unknown) => {
    if (error instanceof HawserError && error.code === 'actor_lost') await findRecipe(services, workspaceId, _id);
    throw error;
  });
}
