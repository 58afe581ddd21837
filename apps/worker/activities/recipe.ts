/** The recipe's activities, as the worker registers them. */
import type { RecipeActivities } from '#workflows/recipe/activities.js';
import { closedJobs } from './job-closed.js';
import { recoverOpenJobs } from './recover-open-jobs.js';
import { lookAtConnection } from './job-look.js';
import type { RecipeActivityDeps } from './recipe-deps.js';
import { JobStarter } from './recipe-job-starter.js';
import { poll } from './recipe-poll.js';
import { projectRecipe } from './recipe-project.js';
import { SLOT_LIMITS, StepSlots } from './step-slots.js';

export function createRecipeActivities(deps: RecipeActivityDeps): RecipeActivities {
  const starter = new JobStarter(deps.client);
  const slots = new StepSlots(SLOT_LIMITS);
  return {
    poll: (input) => poll({ ...deps, starter, slots }, input),
    look: (input) => lookAtConnection(deps.calls.actor, input),
    closedJobs: async ({ workspaceId, jobIds }) => {
      const closed = await closedJobs(deps.client, workspaceId, jobIds);
      await recoverOpenJobs(
        deps,
        workspaceId,
        jobIds.filter((jobId) => !closed.includes(jobId)),
      );
      return closed;
    },
    projectRecipe: ({ state }) => projectRecipe(deps, state),
  };
}
