import type { JobView } from '#workflows/job/messages.js';
import type { GatewayServices } from '../ports.js';
import { invalidFields } from '../problems/schema-issues.js';
import { requireSoundRecipe } from '../recipes/require-sound-recipe.js';
import { bindingsFor, type RerunTarget } from './plan-rerun.js';

/**
 * The version that a rerun runs: the recipe's newest, or the one that is named. The job's own version keeps the job's bindings (it may have
 * been rebound); any other runs with the recipe's. Of a deleted recipe only the job's own is left.
 */
export async function rerunTarget(
  { store }: GatewayServices,
  job: JobView,
  wanted: number | 'newest',
): Promise<RerunTarget> {
  const { workspaceId, recipeId, recipeVersion, definition, bindings } = job;
  const recipe = await store.recipes.get(workspaceId, recipeId);
  const newest = recipe && !recipe.deleted ? recipe.version : recipeVersion;
  const version = wanted === 'newest' ? newest : wanted;
  if (version === recipeVersion) return { recipeVersion, definition, bindings };
  const found =
    recipe && version === recipe.version ? recipe : await store.recipes.getVersion(workspaceId, recipeId, version);
  if (!recipe || recipe.deleted || !found) {
    const newestText = recipe?.deleted === false ? ` Its newest is ${newest}.` : ' The recipe was deleted.';
    throw invalidFields([{ pointer: '/version', detail: `The recipe has no version ${version} to run.${newestText}` }]);
  }
  const target = {
    recipeVersion: version,
    definition: found.definition,
    bindings: bindingsFor(bindings, recipe.bindings),
  };
  await requireSoundRecipe(store, workspaceId, target.definition, target.bindings);
  return target;
}
