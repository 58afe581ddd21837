/** Names and shapes of every message of a job: one run of a recipe for one trigger event. */
import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { ErrorCode, Evidence } from '../../libs/domain/errors.js';
import type { JobWarning, RecipeBindings, RecipeDefinition, TriggerEvent } from '../../libs/domain/recipe.js';

export const JOB_WORKFLOW = 'jobWorkflow';

export type JobStatus = 'queued' | 'running' | 'waiting' | 'retrying' | 'succeeded' | 'failed' | 'cancelled';

export interface StepRecord {
  id: string;
  binding: string;
  operation: string;
  status: 'pending' | 'running' | 'waiting' | 'retrying' | 'succeeded' | 'failed' | 'skipped';
  attempts: number;
  startedAt: number | null;
  endedAt: number | null;
  /** Which connection and credential version served it. */
  connectionId: string | null;
  version: number | null;
  input: Record<string, unknown> | null;
  output: Record<string, unknown> | null;
  /** What was cut from the output because it was too large, such as `organization.details`. */
  cut?: string[];
  /** The input is not shown any more: the job had grown too large to carry those of done steps. */
  inputDropped?: boolean;
  error: { code: ErrorCode; text: string; evidence?: Evidence } | null;
}

/** Book-keeping of the step where the job stands. */
export interface JobProgress {
  /** Index of the step. */
  step: number;
  /** Failures of class "retry" in a row, and when the first of them was. */
  tries: number;
  firstFailureAt: number | null;
  /** Refusals with `busy` in a row: neither attempts nor failures. */
  busies?: number;
  /** Do not run the step before this moment. */
  notBefore: number;
  /** An earlier send may have reached the app: it is looked up before anything is sent again. */
  mayHaveHappened: boolean;
  /** As in `RunStepInput`. */
  lookFirst?: boolean;
  firstSentAt?: number;
  /** The step's `input` is what its first try evaluated: every try sends the same. */
  frozen?: boolean;
  /** Of a rerun with another input: its sends must not be taken for those of before. */
  keyRound?: number;
  /** Whether the action can look up an earlier send; null = not known yet. */
  canLookUp: boolean | null;
  unknowns: number;
  /** How often the step parked, and how often it looked in vain, since it was last woken. */
  parks: number;
  looks: number;
  /** When the step last ran (it is repeated while a right is missing, but seldom). */
  ranAt: number;
}

export interface JobState {
  v: 1;
  workspaceId: string;
  recipeId: string;
  recipeVersion: number;
  jobId: string;
  event: TriggerEvent;
  definition: RecipeDefinition;
  bindings: RecipeBindings;
  status: JobStatus;
  startedAt: number;
  endedAt: number | null;
  steps: StepRecord[];
  waitingFor: {
    connectionId: string;
    code: ErrorCode;
    requirement: string | null;
    since: number;
    nextLookAt: number;
  } | null;
  error: { code: ErrorCode; text: string; step: string | null } | null;
  /** How often the job was rerun by a person. */
  reruns: number;
  /** The run began under code whose steps mark their writes (`write-mark.ts`); absent in older runs. */
  marksWrites?: boolean;
  /** The run began under code that keeps the job small (`size.ts`); absent in older runs. */
  bounded?: boolean;
  /** Fields that the recipe reads of the event and that could not be had; absent = none. */
  warnings?: JobWarning[];
  /** Absent in the input of a new job. */
  progress?: JobProgress;
}

export interface JobWorkflowInput {
  state: JobState;
  /** Job of the same record that must end first. */
  after: string | null;
}

export type JobView = Omit<JobState, 'v'>;

/** A connection recovered, or a right is back. */
export const wakeJobSignal = defineSignal<[{ connectionId: string }]>('wake');
export const predecessorDoneSignal = defineSignal<[{ jobId: string }]>('predecessorDone');
export const cancelJobSignal = defineSignal('cancel');
/** Waits for another connection from now on (the bound one was deleted). */
export const rebindJobSignal = defineSignal<[{ binding: string; connectionId: string }]>('rebind');

export const jobQuery = defineQuery<JobView>('job');

/**
 * The state with which a failed job is started again (same workflow id, reuse policy "failed only"): its done steps stay done.
 * A person has decided, so a write whose outcome is unknown is sent again, unless the app can be asked for it.
 */
export function rerunOf(job: JobView, at: number): JobState {
  const index = job.steps.findIndex((step) => step.status !== 'succeeded');
  const before = job.progress;
  const fresh: JobProgress = {
    step: Math.max(index, 0),
    tries: 0,
    firstFailureAt: null,
    notBefore: 0,
    mayHaveHappened: false,
    canLookUp: null,
    unknowns: 0,
    parks: 0,
    looks: 0,
    ranAt: 0,
  };
  return {
    ...job,
    v: 1,
    marksWrites: true,
    bounded: true,
    status: 'queued',
    startedAt: at,
    endedAt: null,
    waitingFor: null,
    error: null,
    reruns: job.reruns + 1,
    steps: job.steps.map((step) =>
      step.status === 'succeeded' ? step : { ...step, status: 'pending', endedAt: null, error: null },
    ),
    progress: {
      ...fresh,
      mayHaveHappened: before !== undefined && before.mayHaveHappened && before.canLookUp === true,
    },
  };
}
