/** The port of the job workflow; the worker implements it. */
import type { JobWarning, StepDefinition, TriggerDefinition, TriggerEvent } from '#domain/recipe.js';

export interface RunStepInput {
  workspaceId: string;
  recipeId: string;
  jobId: string;
  step: StepDefinition;
  connectionId: string;
  /** When this run of the job began (epoch ms): it is not continued at an instance that took the place of another since then. */
  startedAt?: number;
  event: TriggerEvent;
  /** Step id -> output of the steps before. */
  outputs: Record<string, Record<string, unknown>>;
  /** Step id -> what was cut from that output; absent = nothing was. */
  cuts?: Record<string, string[]>;
  /** Expressions of later steps that may read this one's output: what they read is kept when it is large. Absent = not known. */
  later?: string[];
  /** The same for every repetition of this step: idempotency key and key of the look-up. */
  stepKey: string;
  /** An earlier send of this step may have reached the app: look it up before sending again. */
  mayHaveHappened: boolean;
  /** A worker was lost with it: a write that may be sent twice may have been sent, and a look may spare the second. */
  lookFirst?: boolean;
  /** What the step's mappings gave at its first try: every try sends the same. Absent: not evaluated yet. */
  frozen?: Record<string, unknown>;
  /** The job has waited for a connection or a right and goes on; and this is its last step. For the event log. Absent = neither. */
  waited?: true;
  last?: true;
  /** When an earlier send of this step may first have reached the app (epoch ms). Absent: none has. */
  firstSentAt?: number;
}

export interface RunStepOutcome {
  at: number;
  /** Org, account or site where it was done; absent in outcomes of older builds. */
  instanceId?: string;
  version: number;
  input: Record<string, unknown>;
  output: Record<string, unknown>;
  /** As `StepRecord.cut`. */
  cut?: string[];
}

export interface ReadEventInput {
  workspaceId: string;
  connectionId: string;
  trigger: TriggerDefinition;
  recordId: string;
  stamp: string;
  /** Expressions of the recipe's steps: what they read of the event is asked for first. */
  expressions: string[];
}

export interface ReadEventOutcome {
  at: number;
  event: TriggerEvent;
  warnings: JobWarning[];
}

export interface JobActivities {
  /**
   * Lease -> open -> map -> call. One attempt: the workflow repeats it by class. Fails with an ApplicationFailure whose type is the
   * error code and whose details are `[{ code, class, text, connectionId, requirement, retryAfterMs, evidence, input }]`.
   * Its heartbeats carry a `WriteMark`.
   */
  runStep(input: RunStepInput): Promise<RunStepOutcome>;
  /** Reads the record of an event that was too large to be carried, as it stands now. Fails as `runStep` does. */
  readEvent(input: ReadEventInput): Promise<ReadEventOutcome>;
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
