/** Turns whatever an activity met into the typed failure that workflows read (type = error code, one attempt). */
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { ERROR_CODES, HawserError } from '#domain/errors.js';

/** What the activity knows besides the error. */
export interface FailureFacts {
  connectionId: string;
  version?: number;
  input?: Record<string, unknown>;
  /** A write may have been done. */
  mayHaveHappened?: boolean;
  canLookUp?: boolean;
}

/** Never carries a cause's own text to the workflow unless it is ours: an unknown error may quote values. */
export function toFailure(error: unknown, facts: FailureFacts): ApplicationFailure {
  const known =
    error instanceof HawserError ? error : new HawserError('internal', ERROR_CODES.internal.text, { cause: error });
  const { requirement, retryAfterMs, evidence, pointer } = known.options;
  return ApplicationFailure.create({
    message: known.detail,
    type: known.code,
    nonRetryable: true,
    // A judgement, not a defect: the SDK need not log it as a failed activity. Our own events tell it.
    ...(known.code === 'internal' ? {} : { category: ApplicationFailureCategory.BENIGN }),
    details: [
      {
        code: known.code,
        class: known.class,
        text: known.detail,
        requirement: requirement ?? null,
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
        ...(evidence === undefined ? {} : { evidence }),
        ...(pointer === undefined ? {} : { pointer }),
        ...facts,
      },
    ],
  });
}
