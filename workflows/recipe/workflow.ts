/** The workflow of a recipe: it lives from creation until deletion, also while it is stopped (docs/decisions.md, "Polls and jobs"). */
import { CancellationScope } from '@temporalio/workflow';
import type { RecipeView, RecipeWorkflowInput } from './messages.js';
import { RecipeRun } from './recipe-run.js';

/** Handlers are registered in the run's constructor, before the first await. */
export async function recipeWorkflow(input: RecipeWorkflowInput): Promise<RecipeView> {
  const run = new RecipeRun(input);
  // A cancel in the Temporal Web UI is a stop: the recipe lives on until it is deleted.
  CancellationScope.current().cancelRequested.catch(() => run.stop());
  return CancellationScope.nonCancellable(() => run.run());
}
