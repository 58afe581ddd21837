/** What is known of a step whose worker did not report in time (pure). */
import { ERROR_CODES } from '#domain/errors.js';
import type { RunStepOutcome } from './activities.js';
import type { StepFailure } from './state.js';
import { readWriteMark } from './write-mark.js';

export type StepEnd = { outcome: RunStepOutcome } | { failure: StepFailure };

/**
 * @param details What its last heartbeat carried.
 * @param marksWrites Whether the run began under code that marks its writes: else silence tells nothing.
 */
export function lostStep(details: unknown, marksWrites: boolean): StepEnd {
  const mark = readWriteMark(details);
  if (mark?.at === 'ended') return 'outcome' in mark ? { outcome: mark.outcome } : { failure: mark.failure };
  if (mark?.at === 'evaluated') {
    return {
      failure: {
        code: 'temporarily_unavailable',
        text: 'The worker was lost with a request that may be sent twice. We repeat it as it was.',
        mayHaveHappened: true,
        input: mark.input,
      },
    };
  }
  if (mark === null && marksWrites) {
    return {
      failure: {
        code: 'temporarily_unavailable',
        text: 'The worker was lost before it sent what must not be sent twice. We repeat.',
        // What may be sent twice is not marked: a look may spare the second write.
        lookFirst: true,
      },
    };
  }
  const unknown: StepFailure = {
    code: 'outcome_unknown',
    text: `${ERROR_CODES.outcome_unknown.text} The step's worker did not report in time.`,
    mayHaveHappened: true,
  };
  if (mark?.at !== 'sending') return { failure: unknown };
  return { failure: { ...unknown, canLookUp: mark.canLookUp, lookUpAfter: mark.until } };
}
