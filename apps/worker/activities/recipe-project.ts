import type { RecipeState } from '#workflows/recipe/messages.js';
import type { RecipeActivityDeps } from './recipe-deps.js';

/** Writes the state to the store; an older revision is left unwritten. */
export async function projectRecipe({ store }: Pick<RecipeActivityDeps, 'store'>, state: RecipeState): Promise<void> {
  const { workspaceId, recipeId, revision, status } = state;
  await store.recipes.project(workspaceId, recipeId, {
    revision,
    state: JSON.stringify(state),
    deleted: status === 'deleted',
  });
}
