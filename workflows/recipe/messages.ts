/** Names and shapes of every message of a recipe's workflow. The recipe workflow lives from creation to deletion. */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { ErrorCode } from '#domain/errors.js';
import type { RecipeBindings, RecipeDefinition } from '#domain/recipe.js';

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
  /** Found running by a poll that did not start it: an earlier poll's report was lost. */
  adopted?: boolean;
  /** It was born failed, since its event is too large: the record's next job need not wait for it. */
  failed?: boolean;
}

/** Book-keeping that screens do not show. */
export interface RecipeProgress {
  /**
   * Jobs that told their end lately. One may end before the poll that started it has reported, and a poll may find one that has
   * told its end but is not closed yet: neither is open.
   */
  ended: string[];
  /** Failures of the trigger in a row; no poll before `pollNotBefore`. */
  failures: number;
  pollNotBefore: number;
  /** While waiting: when it was parked last, the next look, and how often it parked or looked in vain since it was woken. */
  parkedAt: number;
  nextLookAt: number;
  parks: number;
  looks: number;
  /** When the open jobs were last compared with Temporal. */
  reconciledAt: number;
  /** What the store was told last (see `projectionKey`). */
  projected: string;
}

/** Whose events a cursor has passed, through which binding, and when that was read last. */
export interface CursorSource {
  binding: string;
  instanceId: string;
  accountId: string;
  at: number;
}

/** Where the trigger reads on through another connection: behind the old cursor, from the moment of the choice, or from a moment. */
export type ReadFrom = 'go_on' | 'now' | number;

export interface RecipeState {
  v: 1;
  /** The run began under code that polls again when the vault cannot be reached (`class-of.ts`); absent in older runs, which park. */
  vaultIsRepeated?: boolean;
  workspaceId: string;
  recipeId: string;
  name: string;
  revision: number;
  version: number;
  definition: RecipeDefinition;
  bindings: RecipeBindings;
  status: RecipeStatus;
  since: number;
  /** Where "from now on" begins: when a person started the recipe, or gave it another trigger or source. Absent in older states. */
  startedAt?: number;
  /** What a waiting recipe waits for. */
  waitingFor: { connectionId: string; code: ErrorCode; requirement: string | null } | null;
  /** Connection id of the trigger's binding -> opaque cursor of the connector. It belongs to the instance, see `cursors.ts`. */
  cursors: Record<string, string>;
  /** Connection id -> whose events its cursor has passed. Absent in older states. */
  sources?: Record<string, CursorSource>;
  /** What a person has chosen for the connection that the trigger reads through, until it is done. */
  readFrom?: { connectionId: string; from: ReadFrom } | null;
  openJobs: OpenJob[];
  jobsStarted: number;
  lastPollAt: number | null;
  /** The last trouble of the trigger; shown as a warning though no job exists. */
  warning: { code: ErrorCode; text: string; at: number } | null;
  /** Absent in the input of a new recipe. */
  progress?: RecipeProgress;
}

export interface RecipeView extends Omit<RecipeState, 'v' | 'openJobs' | 'progress'> {
  openJobs: number;
}

export const startRecipeUpdate = defineUpdate<RecipeView, []>('start');
export const stopRecipeUpdate = defineUpdate<RecipeView, []>('stop');
/** A new version of definition or bindings; takes effect at a job boundary. */
export const changeRecipeUpdate = defineUpdate<
  RecipeView,
  [{ version: number; name: string; definition: RecipeDefinition; bindings: RecipeBindings; readFrom?: ReadFrom }]
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

/** The state of a recipe that was just created. */
export function bornRecipe(
  birth: Pick<RecipeState, 'workspaceId' | 'recipeId' | 'name' | 'version' | 'definition' | 'bindings'> & {
    at: number;
  },
): RecipeState {
  const { at, ...rest } = birth;
  return {
    v: 1,
    vaultIsRepeated: true,
    ...rest,
    revision: 1,
    status: 'stopped',
    since: at,
    waitingFor: null,
    cursors: {},
    openJobs: [],
    jobsStarted: 0,
    lastPollAt: null,
    warning: null,
  };
}
