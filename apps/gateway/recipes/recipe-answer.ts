/** From a recipe's workflow (or its projection) to the answer of the contract. */
import type { RecipeResponse } from '#contract/recipes/recipe-shape.js';
import type { RecipeDocument } from '#store/documents.js';
import { bornRecipe, type RecipeState, type RecipeView } from '#workflows/recipe/messages.js';
import { viewOf } from '#workflows/recipe/view-of.js';

/** Definition and bindings are the store's, which has them first; how it fares is the workflow's. */
export function recipeOf(document: RecipeDocument, view: RecipeView, stale = false): RecipeResponse {
  const { _id, name, version, definition, bindings, createdAt, updatedAt } = document;
  const { status, since, waitingFor, openJobs, jobsStarted, lastPollAt, warning } = view;
  return {
    id: _id,
    name,
    version,
    definition,
    bindings,
    createdAt,
    updatedAt,
    status,
    since,
    waitingFor,
    openJobs,
    jobsStarted,
    lastPollAt,
    warning,
    stale,
  };
}

export function projectedRecipe(document: RecipeDocument): RecipeView {
  const { _id, workspaceId, name, version, definition, bindings, createdAt, state } = document;
  return viewOf(
    state === null
      ? bornRecipe({ workspaceId, recipeId: _id, name, version, definition, bindings, at: createdAt })
      : (JSON.parse(state) as RecipeState),
  );
}
