/** Names and shapes of every message of a job: one run of a recipe for one trigger event. */
import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { ErrorCode, Evidence } from '#domain/errors.js';
import type { JobWarning, RecipeBindings, RecipeDefinition, StepDefinition, TriggerEvent } from '#domain/recipe.js';

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
  /** Org, account or site where it was done; absent in older records. */
  instanceId?: string;
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
  /** When its event became a job; absent in a job that was never rerun (then `startedAt` says it). */
  bornAt?: number;
  /** How often Temporal ended a run of it by force and it went on from its history (`from-history.ts`); absent = never. */
  recoveries?: number;
  /** The run began under code whose steps mark their writes (`write-mark.ts`); absent in older runs. */
  marksWrites?: boolean;
  /** The run began under code that keeps the job small (`size.ts`); absent in older runs. */
  bounded?: boolean;
  /** The run began under code that repeats a step when the vault cannot be reached (`class-of.ts`); absent in older runs, which park. */
  vaultIsRepeated?: boolean;
  /** Fields that the recipe reads of the event and that could not be had; absent = none. */
  warnings?: JobWarning[];
  /** Absent in the input of a new job. */
  progress?: JobProgress;
}

export interface JobWorkflowInput {
  state: JobState;
  /** Job of the same record that must end first. */
  after: string | null;
  /** How often it was looked for in vain; absent = never. */
  waits?: number;
}

export type JobView = Omit<JobState, 'v'>;

/** A connection recovered, or a right is back. */
export const wakeJobSignal = defineSignal<[{ connectionId: string }]>('wake');
export const predecessorDoneSignal = defineSignal<[{ jobId: string }]>('predecessorDone');
export const cancelJobSignal = defineSignal('cancel');
/** Waits for another connection from now on (the bound one was deleted). */
export const rebindJobSignal = defineSignal<[{ binding: string; connectionId: string }]>('rebind');

export const jobQuery = defineQuery<JobView>('job');

/** What a rerun runs. */
export interface RerunPlan {
  recipeVersion: number;
  definition: RecipeDefinition;
  bindings: RecipeBindings;
  /** Ids of steps that succeeded before and are not done again. */
  done: readonly string[];
}

/** The moment by which the jobs of one record have their order. */
export const bornAtOf = ({ bornAt, startedAt }: Pick<JobView, 'bornAt' | 'startedAt'>): number => bornAt ?? startedAt;

/**
 * The state with which a failed or cancelled job is started again (same workflow id); without a plan as it was, its done steps done.
 * A person has decided, so a write whose outcome is unknown is sent again, unless the app can be asked for it.
 */
export function rerunOf(job: JobView, at: number, plan: RerunPlan = samePlan(job)): JobState {
  const { done, ...changed } = plan;
  const steps = plan.definition.steps.map((step) => rerunStep(step, job.steps, done));
  const index = Math.max(
    steps.findIndex(({ status }) => status !== 'succeeded'),
    0,
  );
  return {
    ...job,
    ...changed,
    v: 1,
    marksWrites: true,
    bounded: true,
    vaultIsRepeated: true,
    status: 'queued',
    startedAt: at,
    bornAt: bornAtOf(job),
    endedAt: null,
    waitingFor: null,
    error: null,
    reruns: job.reruns + 1,
    steps,
    progress: { ...freshProgress(index), ...triedBefore(job, plan, index) },
  };
}

const samePlan = ({ recipeVersion, definition, bindings, steps }: JobView): RerunPlan => ({
  recipeVersion,
  definition,
  bindings,
  done: steps.filter(({ status }) => status === 'succeeded').map(({ id }) => id),
});

function rerunStep(
  { id, binding, operation }: StepDefinition,
  before: StepRecord[],
  done: readonly string[],
): StepRecord {
  const same = before.find((step) => step.id === id && step.binding === binding && step.operation === operation);
  if (!same) return newStep({ id, binding, operation });
  if (done.includes(id)) return same;
  const { cut: _, inputDropped: __, instanceId: ___, ...kept } = same;
  return { ...kept, status: 'pending', endedAt: null, output: null, error: null };
}

/** What is known of earlier sends of the step where the rerun begins. */
function triedBefore(job: JobView, { definition }: RerunPlan, index: number): Partial<JobProgress> {
  const before = job.progress;
  const old = before && job.definition.steps[before.step];
  const step = definition.steps[index];
  if (!before || !old || !step || step.id !== old.id || step.operation !== old.operation) return {};
  const mayHaveHappened = before.mayHaveHappened && before.canLookUp === true;
  const { firstSentAt, frozen, keyRound } = before;
  // Another mapping gives another request: it must not travel under the key of the first.
  if (JSON.stringify(step.input) !== JSON.stringify(old.input))
    return { mayHaveHappened, keyRound: job.reruns + 1, ...(firstSentAt === undefined ? {} : { firstSentAt }) };
  return {
    mayHaveHappened,
    ...(keyRound === undefined ? {} : { keyRound }),
    ...(mayHaveHappened && firstSentAt !== undefined ? { firstSentAt } : {}),
    ...(mayHaveHappened && frozen ? { frozen } : {}),
  };
}

/** A step that has not begun. */
export const newStep = ({
  id,
  binding,
  operation,
}: Pick<StepDefinition, 'id' | 'binding' | 'operation'>): StepRecord => ({
  id,
  binding,
  operation,
  status: 'pending',
  attempts: 0,
  startedAt: null,
  endedAt: null,
  connectionId: null,
  version: null,
  input: null,
  output: null,
  error: null,
});

export const freshProgress = (step: number): JobProgress => ({
  step,
  tries: 0,
  firstFailureAt: null,
  notBefore: 0,
  mayHaveHappened: false,
  canLookUp: null,
  unknowns: 0,
  parks: 0,
  looks: 0,
  ranAt: 0,
});
