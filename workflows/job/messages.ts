/** Names and shapes of every message of a job: one run of a recipe for one trigger event. */
import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { ErrorCode, Evidence } from '../../libs/domain/errors.js';
import type { RecipeBindings, RecipeDefinition, TriggerEvent } from '../../libs/domain/recipe.js';

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
  error: { code: ErrorCode; text: string; evidence?: Evidence } | null;
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
  waitingFor: { connectionId: string; code: ErrorCode; requirement: string | null; since: number; nextLookAt: number } | null;
  error: { code: ErrorCode; text: string; step: string | null } | null;
  /** How often the job was rerun by a person. */
  reruns: number;
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
