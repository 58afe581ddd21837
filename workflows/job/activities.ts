/** The port of the job workflow; the worker implements it. */
import type { StepDefinition, TriggerEvent } from '../../libs/domain/recipe.js';

export interface RunStepInput {
  workspaceId: string;
  recipeId: string;
  jobId: string;
  step: StepDefinition;
  connectionId: string;
  event: TriggerEvent;
  /** Step id -> output of the steps before. */
  outputs: Record<string, Record<string, unknown>>;
  /** The same for every repetition of this step: idempotency key and key of the look-up. */
  stepKey: string;
  /** An earlier send of this step may have reached the app: look it up before sending again. */
  mayHaveHappened: boolean;
  /** A worker was lost with it: a write that may be sent twice may have been sent, and a look may spare the second. */
  lookFirst?: boolean;
  /** What the step's mappings gave at its first try: every try sends the same. Absent: not evaluated yet. */
  frozen?: Record<string, unknown>;
  /** When an earlier send of this step may first have reached the app (epoch ms). Absent: none has. */
  firstSentAt?: number;
}

export interface RunStepOutcome {
  at: number;
  version: number;
  input: Record<string, unknown>;
  output: Record<string, unknown>;
}

export interface JobActivities {
  /**
   * Lease -> open -> map -> call. One attempt: the workflow repeats it by class. Fails with an ApplicationFailure whose type is the
   * error code and whose details are `[{ code, class, text, connectionId, requirement, retryAfterMs, evidence, input }]`.
   * Its heartbeats carry a `WriteMark`.
   */
  runStep(input: RunStepInput): Promise<RunStepOutcome>;
  /** Asks the actor whether waiting makes still sense; never calls the app. */
  look(input: {
    workspaceId: string;
    connectionId: string;
    requirement: string | null;
    since: number;
  }): Promise<'go' | 'wait' | 'deleted'>;
  /** Whether the job is closed (net below the `predecessorDone` signal). */
  closedJobs(input: { workspaceId: string; jobIds: string[] }): Promise<string[]>;
}
