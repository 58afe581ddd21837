/** Reads the failure of a step's activity as Temporal hands it over. */
import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/common';
import { ERROR_CODES, isErrorCode } from '#domain/errors.js';
import { lostStep, type StepEnd } from './lost-step.js';
import type { StepFailure } from './state.js';

/** How a step's activity ended that did not succeed. Throws on what is no failure of an activity. */
export function stepEndOf(error: unknown, marksWrites: boolean): StepEnd {
  const lost = error instanceof ActivityFailure && error.cause instanceof TimeoutFailure ? error.cause : null;
  return lost ? lostStep(lost.lastHeartbeatDetails, marksWrites) : { failure: stepFailureOf(error) };
}

/**
 * The worker that took the step could not open its input: it lacks a payload key, or the payload was damaged. The SDK says so before the
 * activity begins (`Failed to parse activity args`, without a type of ours), so nothing was sent: another worker may do it, or the same
 * one later. Null for every other failure.
 */
export function unreadStep(error: unknown): StepFailure | null {
  const cause = error instanceof ActivityFailure ? error.cause : null;
  const unread =
    cause instanceof ApplicationFailure &&
    !isErrorCode(cause.type) &&
    /^Failed to parse activity args\b/.test(cause.message);
  return unread ? { code: 'payload_key_missing', text: ERROR_CODES.payload_key_missing.text } : null;
}

/** Throws on what is no failure of an activity (a defect of ours must fail the workflow task, not the job). */
export function stepFailureOf(error: unknown): StepFailure {
  if (!(error instanceof ActivityFailure)) throw error;
  const { cause } = error;
  if (cause instanceof ApplicationFailure) {
    const code = isErrorCode(cause.type) ? cause.type : 'internal';
    const details = (cause.details?.[0] ?? {}) as Partial<StepFailure>;
    return { ...details, code, text: details.text ?? cause.message };
  }
  if (cause instanceof TimeoutFailure) {
    // The worker was lost or too slow: whether its request went out is not known.
    return {
      code: 'outcome_unknown',
      text: `${ERROR_CODES.outcome_unknown.text} The step's worker did not report in time.`,
      mayHaveHappened: true,
    };
  }
  return { code: 'internal', text: ERROR_CODES.internal.text, mayHaveHappened: true };
}
