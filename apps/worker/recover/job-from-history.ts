/**
 * The state of a job whose run Temporal has ended by force, read from what its history tells. Pure: the same transitions as the workflow's,
 * over the events that brought them about. What nobody can know (a step that was scheduled and has no result) is `outcome_unknown`.
 */
import { ERROR_CODES } from '#domain/errors.js';
import type { ReadEventOutcome, RunStepInput } from '#workflows/job/activities.js';
import type { StepEnd } from '#workflows/job/lost-step.js';
import type { JobState, JobWorkflowInput } from '#workflows/job/messages.js';
import { readPredecessorDone, readRebind } from '#workflows/job/read-message.js';
import {
  cancelled,
  liveJob,
  rebound,
  stepFailed,
  stepStarted,
  stepSucceeded,
  type LiveJob,
} from '#workflows/job/state.js';
import { eventRead } from '#workflows/job/unread-event.js';

/** What a history tells of a job, decoded, in its order. */
export type JobEvent =
  | { kind: 'started'; input: JobWorkflowInput }
  | { kind: 'signal'; name: string; input: unknown }
  | { kind: 'cancel' }
  /** A step of which the result, if any, is known. */
  | { kind: 'step'; input: RunStepInput; at: number; end: StepEnd | null; endedAt: number }
  /** An event that was too large to be carried was read. */
  | { kind: 'read'; outcome: ReadEventOutcome }
  /** The look after the predecessor. */
  | { kind: 'closed'; jobIds: string[] };

/** A step's activity has so long: until then its request may be under way. */
const STEP_MS = 90_000;
const MIDDLE = 0.5;

/** @param endedAt When the run was ended by force (epoch ms). @throws On a history that begins with nothing of ours. */
export function jobFromHistory(events: readonly JobEvent[], endedAt: number): JobWorkflowInput {
  const [first, ...rest] = events;
  if (first?.kind !== 'started') throw new Error('The history does not begin with a job.');
  let state: LiveJob = liveJob(first.input.state);
  let { after } = first.input;
  let cancelAsked = false;
  for (const event of rest) {
    if (event.kind === 'cancel') cancelAsked = true;
    if (event.kind === 'closed' && after !== null && event.jobIds.includes(after)) after = null;
    if (event.kind === 'read') state = eventRead(state, event.outcome);
    if (event.kind === 'step') [state, after] = [afterStep(state, event, endedAt), null];
    if (event.kind !== 'signal') continue;
    if (event.name === 'cancel') cancelAsked = true;
    if (event.name === 'predecessorDone' && after !== null && readPredecessorDone(event.input) === after) after = null;
    const rebind = event.name === 'rebind' ? readRebind(event.input) : null;
    if (rebind) state = rebound(state, rebind.binding, rebind.connectionId);
  }
  if (cancelAsked) state = cancelled(state, endedAt);
  const next: JobState = { ...state, recoveries: (state.recoveries ?? 0) + 1 };
  return { state: next, after };
}

function afterStep(
  before: LiveJob,
  { input, at, end, endedAt: reported }: Extract<JobEvent, { kind: 'step' }>,
  endedAt: number,
): LiveJob {
  const running: LiveJob = { ...before, status: 'running', waitingFor: null };
  const state = stepStarted(running, at);
  if (end === null) {
    const text = `${ERROR_CODES.outcome_unknown.text} Temporal ended the job's run while the step was under way.`;
    const unknown = { code: 'outcome_unknown', text, mayHaveHappened: true, lookUpAfter: at + STEP_MS } as const;
    return stepFailed(state, { connectionId: input.connectionId, ...unknown }, endedAt, MIDDLE);
  }
  if ('outcome' in end) return stepSucceeded(state, end.outcome);
  return stepFailed(state, { connectionId: input.connectionId, ...end.failure }, reported, MIDDLE);
}
