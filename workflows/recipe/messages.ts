/** Names and shapes of every message of a recipe's workflow. The recipe workflow lives from creation to deletion. */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { ErrorCode } from '../../libs/domain/errors.js';
import type { RecipeBindings, RecipeDefinition } from '../../libs/domain/recipe.js';

export const RECIPE_WORKFLOW = 'recipeWorkflow';

/** `waiting`: started, but a bound connection is invalid (or a right is missing): polling waits, the backlog stays in the app. */
export type RecipeStatus = 'stopped' | 'running' | 'waiting' | 'deleted';

/** A started job that has not told its end yet. */
export interface OpenJob {
  jobId: string;
  recordId: string;
  /** The job of the same record that must end first. */
  after: string | null;
  startedAt: number;
}

export interface RecipeState {
  v: 1;
  workspaceId: string;
  recipeId: string;
  name: string;
  revision: number;
  version: number;
  definition: RecipeDefinition;
  bindings: RecipeBindings;
  status: RecipeStatus;
  since: number;
  /** What a waiting recipe waits for. */
  waitingFor: { connectionId: string; code: ErrorCode; requirement: string | null } | null;
  /** Connection id of the trigger's binding -> opaque cursor of the connector (a cursor never leaks to another connection). */
  cursors: Record<string, string>;
  openJobs: OpenJob[];
  jobsStarted: number;
  lastPollAt: number | null;
  /** The last trouble of the trigger; shown as a warning though no job exists. */
  warning: { code: ErrorCode; text: string; at: number } | null;
}

export interface RecipeView extends Omit<RecipeState, 'v' | 'openJobs'> {
  openJobs: number;
}

export const startRecipeUpdate = defineUpdate<RecipeView, []>('start');
export const stopRecipeUpdate = defineUpdate<RecipeView, []>('stop');
/** A new version of definition or bindings; takes effect at a job boundary. */
export const changeRecipeUpdate = defineUpdate<
  RecipeView,
  [{ version: number; name: string; definition: RecipeDefinition; bindings: RecipeBindings }]
>('change');
export const deleteRecipeUpdate = defineUpdate<RecipeView, []>('delete');

/** A bound connection has recovered. */
export const wakeRecipeSignal = defineSignal<[{ connectionId: string }]>('wake');
export const jobDoneSignal = defineSignal<[{ jobId: string }]>('jobDone');
export const rollRecipeSignal = defineSignal('roll');

export const recipeStatusQuery = defineQuery<RecipeView>('status');

export interface RecipeWorkflowInput {
  state: RecipeState;
}
