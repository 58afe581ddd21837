/** The port of the recipe workflow; the worker implements it. */
import type { RecipeState } from './messages.js';
import type { CursorSource, OpenJob } from './messages.js';

export interface PollInput {
  state: RecipeState;
  /** How many jobs may be started now. */
  capacity: number;
}
export interface PollOutcome {
  at: number;
  /** Null: not moved yet, since the events of the first page are not all started. */
  cursor: string | null;
  /** Connection that it was read through. */
  connectionId: string;
  /** Whose events the cursor has passed. */
  source?: CursorSource;
  started: OpenJob[];
}

export interface RecipeActivities {
  /**
   * Leases every bound connection, reads the trigger behind the cursor, starts jobs with deterministic ids and writes the
   * projection. Throws the retryable `NothingNew` (nextRetryDelay = interval) when there is nothing, `ConnectionInvalid`
   * (non-retryable, details `{ connectionId, code, requirement }`) when a bound connection cannot be used.
   */
  poll(input: PollInput): Promise<PollOutcome>;
  /** Asks the actor whether waiting makes still sense; never calls the app. */
  look(input: {
    workspaceId: string;
    connectionId: string;
    requirement: string | null;
    since: number;
  }): Promise<'go' | 'wait' | 'deleted'>;
  /** Which of these jobs are closed (their `jobDone` may be lost when somebody terminates a job by hand). */
  closedJobs(input: { workspaceId: string; jobIds: string[] }): Promise<string[]>;
  /** Writes the projection after a change that no other activity carried. */
  projectRecipe(input: { state: RecipeState }): Promise<void>;
}
