import { ActivityFailure, ApplicationFailure, RetryState, TimeoutFailure, TimeoutType } from '@temporalio/common';
import type { RunStepOutcome } from './activities.js';
import { lostStep } from './lost-step.js';
import { stepEndOf } from './step-failure.js';

const outcome: RunStepOutcome = { at: 1, version: 2, input: { a: 1 }, output: { id: 7 } };
const failure = { code: 'rate_limited', text: 'slow down', retryAfterMs: 5 } as const;

describe('a step whose worker is lost', () => {
  it.each<[string, unknown, boolean, object]>([
    [
      'had sent nothing: it never marked a write',
      undefined,
      true,
      { failure: { code: 'temporarily_unavailable', lookFirst: true } },
    ],
    [
      'of a run that began under code without marks: silence tells nothing',
      undefined,
      false,
      { failure: { code: 'outcome_unknown', mayHaveHappened: true } },
    ],
    ['was alive', { v: 1, at: 'alive' }, true, { failure: { code: 'outcome_unknown', mayHaveHappened: true } }],
    [
      'was sending',
      { v: 1, at: 'sending', until: 9, canLookUp: false },
      true,
      { failure: { code: 'outcome_unknown', mayHaveHappened: true, canLookUp: false, lookUpAfter: 9 } },
    ],
    [
      'was sending by a key (g07)',
      { v: 1, at: 'evaluated', input: { a: 1 } },
      true,
      { failure: { code: 'temporarily_unavailable', mayHaveHappened: true, input: { a: 1 } } },
    ],
    ['had its answer', { v: 1, at: 'ended', outcome }, true, { outcome }],
    ['had its answer, in a run of older code', { v: 1, at: 'ended', outcome }, false, { outcome }],
    ['had failed', { v: 1, at: 'ended', failure }, true, { failure }],
    ['said what nobody understands', 'x', true, { failure: { code: 'outcome_unknown', mayHaveHappened: true } }],
  ])('%s', (_, details, marksWrites, expected) => expect(lostStep(details, marksWrites)).toMatchObject(expected));
});

const activityFailure = (cause: Error): ActivityFailure =>
  new ActivityFailure('failed', 'runStep', '1', RetryState.MAXIMUM_ATTEMPTS_REACHED, 'worker', cause);

test('the last heartbeat of a time-out is read', () => {
  const lost = new TimeoutFailure('lost', { v: 1, at: 'ended', outcome }, TimeoutType.HEARTBEAT);
  expect(stepEndOf(activityFailure(lost), true)).toEqual({ outcome });
});

test('a failure that was reported counts for more than silence', () => {
  const told = ApplicationFailure.create({ type: 'rate_limited', message: 'slow down', details: [failure] });
  expect(stepEndOf(activityFailure(told), true)).toEqual({ failure });
});
