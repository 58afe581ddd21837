/** The recipe's activities. */
import type { Client } from '@temporalio/client';
import type { RecipeStore } from '#store/recipe-store.js';
import type { Events } from '#telemetry/events.js';
import type { Logger } from '#telemetry/logger.js';
import type { RecipeActivities } from '#workflows/recipe/activities.js';
import type { RecipeState } from '#workflows/recipe/messages.js';
import type { AppCalls } from '../app-calls/create-app-calls.js';
import { closedJobs } from './job-closed.js';
import { lookAtConnection } from './job-look.js';
import { JobStarter } from './recipe-job-starter.js';
import { poll } from './recipe-poll.js';

export interface RecipeActivityDeps {
  calls: Pick<AppCalls, 'actor' | 'caller'>;
  client: Client;
  store: { recipes: Pick<RecipeStore, 'project'> };
  events: Pick<Events, 'recipeParked' | 'jobStarted'>;
  logger: Pick<Logger, 'error' | 'warn'>;
}

export function createRecipeActivities(deps: RecipeActivityDeps): RecipeActivities {
  const starter = new JobStarter(deps.client);
  return {
    poll: (input) => poll({ ...deps, starter }, input),
    look: (input) => lookAtConnection(deps.calls.actor, input),
    closedJobs: ({ workspaceId, jobIds }) => closedJobs(deps.client, workspaceId, jobIds),
    projectRecipe: ({ state }) => projectRecipe(deps, state),
  };
}

/** Writes the state to the store; an older revision is left unwritten. */
export async function projectRecipe({ store }: Pick<RecipeActivityDeps, 'store'>, state: RecipeState): Promise<void> {
  const { workspaceId, recipeId, revision, status } = state;
  await store.recipes.project(workspaceId, recipeId, { revision, state: JSON.stringify(state), deleted: status === 'deleted' });
}
