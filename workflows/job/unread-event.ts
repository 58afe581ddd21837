/** A job whose event was too large to be carried: it is born failed, and a rerun reads the record as it stands then. Pure. */
import { errorClass, type ErrorCode } from '#domain/errors.js';
import type { ReadEventOutcome } from './activities.js';
import type { JobState } from './messages.js';
import { stepFailed, type LiveJob, type StepFailure } from './state.js';

/** A job that has failed before it began: its event stays known under its own identity, and a person may rerun it. */
export function stillborn(job: JobState, code: ErrorCode, text: string): JobState {
  return {
    ...job,
    status: 'failed',
    endedAt: job.startedAt,
    error: { code, text, step: null },
    steps: job.steps.map((step) => ({ ...step, status: 'skipped' })),
  };
}

/** The record of an event that was too large is read after all. */
export function eventRead(state: LiveJob, outcome: ReadEventOutcome): LiveJob {
  const { warnings: _, ...rest } = state;
  const { recordId, stamp } = state.event;
  const { progress } = state;
  return {
    ...rest,
    status: 'running',
    waitingFor: null,
    // It stays the job of that change; what the record holds may be younger.
    event: { recordId, stamp, data: outcome.event.data },
    ...(outcome.warnings.length > 0 ? { warnings: outcome.warnings } : {}),
    progress: { ...progress, tries: 0, firstFailureAt: null, parks: 0, looks: 0 },
  };
}

/** It could not be read: repeated or parked like a step, but no step has failed. */
export function eventUnread(state: LiveJob, failure: StepFailure, at: number, jitter: number): LiveJob {
  if (errorClass(failure.code) !== 'stop') return stepFailed(state, failure, at, jitter);
  const { code, text } = failure;
  return {
    ...state,
    status: 'failed',
    endedAt: at,
    waitingFor: null,
    error: { code, text, step: null },
    steps: state.steps.map((step) => (step.status === 'succeeded' ? step : { ...step, status: 'skipped' })),
  };
}
