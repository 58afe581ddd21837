/**
 * The state of a job, and what each event makes of it. Pure.
 *
 * | status      | entered by                           | left by                                              | timer it keeps |
 * | ----------- | ------------------------------------ | ---------------------------------------------------- | -------------- |
 * | `queued`    | creation                             | the job of the same record before it has ended       | net: 1 to 15 min |
 * | `running`   | a step that is sent                  | its outcome                                          | none |
 * | `retrying`  | a failure that repeating may cure    | the pause's end; after 24 h: failed                  | 1 s to 5 min |
 * | `waiting`   | a connection that says no, a missing right | wake, a look that says go, rebind, cancel      | look: 2 s, then 30 s to 15 min |
 * | `succeeded` | the last step                        | never                                                | none |
 * | `failed`    | a failure that stops                 | a person's rerun (another run)                       | none |
 * | `cancelled` | a person                             | never                                                | none |
 *
 * A cancel takes effect between steps: a step under way is waited for, since its request may have been done.
 */
import { richerEvidence } from '../connection/keep-evidence.js';
import { ERROR_CODES, type ErrorCode, type Evidence } from '#domain/errors.js';
import type { JobWarning, RecipeBindings, RecipeDefinition, TriggerEvent } from '#domain/recipe.js';
import type { RunStepInput, RunStepOutcome } from './activities.js';
import { classOf } from '../class-of.js';
import {
  freshProgress,
  newStep,
  type JobProgress,
  type JobState,
  type JobStatus,
  type StepRecord,
} from './messages.js';
import { busyPause, FIRST_LOOK_MS, lookPause, retryPause } from './pause.js';

/** How long a failure that may pass is repeated. */
export const GIVE_UP_MS = 24 * 3_600_000;
/** Pause before an unanswered write is looked up: it may still be under way at the app. */
export const LOOK_UP_AFTER_MS = 10_000;
const MOST_UNKNOWNS = 3;
/** A step that waits for a right is itself repeated at most so often. */
const REPEAT_FOR_RIGHT_MS = 5 * 60_000;
/** A deleted connection comes back by a rebind only, and an organization that was replaced never. */
const LOOK_AT_DELETED_MS = 24 * 3_600_000;
/** From this park on a "go" that leads back to the same refusal is not followed at once. */
const PATIENT_PARKS = 3;

/** A job with its book-keeping. */
export type LiveJob = JobState & { progress: JobProgress };

/** How a step failed, as the activity tells it. */
export interface StepFailure {
  code: ErrorCode;
  text: string;
  connectionId?: string;
  requirement?: string | null;
  retryAfterMs?: number;
  evidence?: Evidence;
  input?: Record<string, unknown>;
  version?: number;
  mayHaveHappened?: boolean;
  canLookUp?: boolean;
  /** As in `RunStepInput`. */
  lookFirst?: boolean;
  /** Until then (epoch ms) the lost write may still be under way. */
  lookUpAfter?: number;
}

export interface JobBirth {
  workspaceId: string;
  recipeId: string;
  recipeVersion: number;
  jobId: string;
  event: TriggerEvent;
  definition: RecipeDefinition;
  bindings: RecipeBindings;
  warnings?: JobWarning[];
  at: number;
}

/** A job that has not begun. */
export function bornJob({ at, ...birth }: JobBirth): JobState {
  return {
    v: 1,
    marksWrites: true,
    bounded: true,
    vaultIsRepeated: true,
    ...birth,
    status: 'queued',
    startedAt: at,
    endedAt: null,
    steps: birth.definition.steps.map(newStep),
    waitingFor: null,
    error: null,
    reruns: 0,
  };
}

/** The input of a run, with its book-keeping made good. */
export function liveJob(state: JobState): LiveJob {
  return { ...state, progress: state.progress ?? freshProgress(0) };
}

/** What the job does next. */
export type JobWork =
  | { do: 'read' }
  | { do: 'run'; step: number }
  | { do: 'pause'; until: number }
  | { do: 'look'; until: number }
  | { do: 'end' };

export function workOf(state: LiveJob): JobWork {
  if (isOver(state.status)) return { do: 'end' };
  if (state.status === 'waiting' && state.waitingFor) return { do: 'look', until: state.waitingFor.nextLookAt };
  if (state.status === 'retrying') return { do: 'pause', until: state.progress.notBefore };
  return state.event.unread ? { do: 'read' } : { do: 'run', step: state.progress.step };
}

export const isOver = (status: JobStatus): boolean =>
  status === 'succeeded' || status === 'failed' || status === 'cancelled';

const changeStep = (state: LiveJob, change: Partial<StepRecord>): StepRecord[] =>
  state.steps.map((step, index) => (index === state.progress.step ? { ...step, ...change } : step));

/** The step is about to be sent through this connection. */
export function stepStarted(state: LiveJob, at: number): LiveJob {
  const step = state.steps[state.progress.step];
  return {
    ...state,
    status: 'running',
    waitingFor: null,
    steps: changeStep(state, {
      status: 'running',
      attempts: (step?.attempts ?? 0) + 1,
      startedAt: step?.startedAt ?? at,
      connectionId: connectionOf(state),
    }),
    progress: { ...state.progress, ranAt: at },
  };
}

/** Connection of the step where the job stands; null when its binding has none. */
export function connectionOf(state: LiveJob): string | null {
  const step = state.steps[state.progress.step];
  return step ? (state.bindings[step.binding]?.connectionId ?? null) : null;
}

/** What the next try of the step must know of those before it. */
export function triesBefore({
  progress,
  steps,
  jobId,
}: LiveJob): Omit<RunStepInput, 'workspaceId' | 'recipeId' | 'jobId' | 'step' | 'connectionId' | 'event' | 'outputs'> {
  const { mayHaveHappened, lookFirst, firstSentAt, frozen, keyRound } = progress;
  const step = steps[progress.step];
  return {
    stepKey: `${jobId}/${step?.id ?? ''}${keyRound === undefined ? '' : `#${keyRound}`}`,
    mayHaveHappened,
    ...(lookFirst ? { lookFirst: true } : {}),
    ...(firstSentAt === undefined ? {} : { firstSentAt }),
    ...(frozen && step?.input ? { frozen: step.input } : {}),
  };
}

export function stepSucceeded(state: LiveJob, outcome: RunStepOutcome): LiveJob {
  const steps = changeStep(state, {
    status: 'succeeded',
    endedAt: outcome.at,
    ...(outcome.instanceId === undefined ? {} : { instanceId: outcome.instanceId }),
    version: outcome.version,
    input: outcome.input,
    output: outcome.output,
    ...(outcome.cut ? { cut: outcome.cut } : {}),
    error: null,
  });
  // After a rerun a later step may be done already.
  const next = steps.findIndex(({ status }, index) => index > state.progress.step && status !== 'succeeded');
  if (next >= 0) return { ...state, steps, status: 'running', progress: freshProgress(next) };
  return { ...state, steps, status: 'succeeded', endedAt: outcome.at };
}

/** A job without steps has nothing to do. */
export function nothingToDo(state: LiveJob, at: number): LiveJob {
  return { ...state, status: 'succeeded', endedAt: at };
}

/** A token that was issued a moment ago is no excuse twice: the first time the step was repeated when it had settled. */
function lasting(state: LiveJob, failure: StepFailure): StepFailure {
  const before = state.steps[state.progress.step]?.error;
  if (failure.code !== 'credential_settling' || before?.code !== failure.code) return failure;
  const code = 'rejected_though_proven';
  const said = failure.text.replace(ERROR_CODES.credential_settling.text, '').trim();
  return {
    ...failure,
    code,
    text: `${ERROR_CODES[code].text} It was repeated after a pause, to be refused again. ${said}`,
  };
}

/** By class (docs/decisions.md): repeat, look up, park or stop. */
export function stepFailed(state: LiveJob, reported: StepFailure, at: number, jitter: number): LiveJob {
  const failure = lasting(state, reported);
  const before = state.steps[state.progress.step]?.error;
  // What the app said the first time is not lost because a later try brought less.
  const evidence = before?.code === failure.code ? richerEvidence(before.evidence, failure.evidence) : failure.evidence;
  const noted: LiveJob = {
    ...state,
    steps: changeStep(state, {
      error: { code: failure.code, text: failure.text, ...(evidence ? { evidence } : {}) },
      ...(failure.input ? { input: failure.input } : {}),
      ...(failure.version === undefined ? {} : { version: failure.version }),
    }),
    progress: {
      ...state.progress,
      mayHaveHappened: state.progress.mayHaveHappened || failure.mayHaveHappened === true,
      canLookUp: failure.canLookUp ?? state.progress.canLookUp,
      ...(failure.lookFirst ? { lookFirst: true } : {}),
      ...(failure.mayHaveHappened === true ? { firstSentAt: state.progress.firstSentAt ?? state.progress.ranAt } : {}),
      ...(failure.input ? { frozen: true } : {}),
      ...(state.progress.busies ? { busies: 0 } : {}),
    },
  };
  if (failure.code === 'busy') return turnedAway(state, failure, at, jitter);
  switch (classOf(failure.code, state)) {
    case 'retry':
    case 'refresh':
      return retried(noted, failure, at, jitter);
    case 'outcome_unknown':
      return unknownOutcome(noted, failure, at, jitter);
    case 'wait_for_human':
    case 'wait_for_operator':
      return parked(noted, failure, at, jitter);
    case 'stop':
      return failed(noted, failure, at);
  }
}

/** There was no room for the step: nothing was tried, so it counts neither as an attempt nor towards the 24 hours. What failed before stays shown. */
function turnedAway(
  state: LiveJob,
  { code, text, retryAfterMs = 0 }: StepFailure,
  at: number,
  jitter: number,
): LiveJob {
  const busies = (state.progress.busies ?? 0) + 1;
  const step = state.steps[state.progress.step];
  return {
    ...state,
    status: 'retrying',
    steps: changeStep(state, {
      status: 'retrying',
      attempts: Math.max(0, (step?.attempts ?? 0) - 1),
      error: step?.error ?? { code, text },
    }),
    progress: { ...state.progress, busies, notBefore: at + Math.max(busyPause(busies, jitter), retryAfterMs) },
  };
}

function retried(state: LiveJob, failure: StepFailure, at: number, jitter: number): LiveJob {
  const firstFailureAt = state.progress.firstFailureAt ?? at;
  if (at - firstFailureAt >= GIVE_UP_MS) {
    return failed(state, { ...failure, text: `${failure.text} It was repeated for 24 hours in vain.` }, at);
  }
  const tries = state.progress.tries + 1;
  const notBefore = at + Math.max(retryPause(tries, jitter), failure.retryAfterMs ?? 0);
  return {
    ...state,
    status: 'retrying',
    steps: changeStep(state, { status: 'retrying' }),
    progress: { ...state.progress, tries, firstFailureAt, notBefore },
  };
}

function unknownOutcome(state: LiveJob, failure: StepFailure, at: number, jitter: number): LiveJob {
  const unknowns = state.progress.unknowns + 1;
  const marked: LiveJob = { ...state, progress: { ...state.progress, unknowns, mayHaveHappened: true } };
  if (failure.canLookUp === false || unknowns > MOST_UNKNOWNS) return failed(marked, failure, at);
  const notBefore = Math.max(at + LOOK_UP_AFTER_MS, failure.lookUpAfter ?? 0) + retryPause(unknowns, jitter);
  return {
    ...marked,
    status: 'retrying',
    steps: changeStep(marked, { status: 'retrying' }),
    progress: { ...marked.progress, notBefore },
  };
}

function parked(state: LiveJob, failure: StepFailure, at: number, jitter: number): LiveJob {
  const connectionId = failure.connectionId ?? connectionOf(state) ?? '';
  const parks = state.progress.parks + 1;
  const pause =
    failure.code === 'connection_deleted' || failure.code === 'instance_replaced'
      ? LOOK_AT_DELETED_MS
      : parks <= PATIENT_PARKS
        ? FIRST_LOOK_MS
        : lookPause(parks - PATIENT_PARKS, jitter);
  return {
    ...state,
    status: 'waiting',
    steps: changeStep(state, { status: 'waiting' }),
    waitingFor: {
      connectionId,
      code: failure.code,
      requirement: failure.requirement ?? null,
      since: at,
      nextLookAt: at + pause,
    },
    progress: { ...state.progress, parks, tries: 0, firstFailureAt: null },
  };
}

function failed(state: LiveJob, failure: StepFailure, at: number): LiveJob {
  const step = state.steps[state.progress.step]?.id ?? null;
  return {
    ...state,
    status: 'failed',
    endedAt: at,
    waitingFor: null,
    error: { code: failure.code, text: failure.text, step },
    steps: state.steps.map((record, index) => {
      if (index === state.progress.step) return { ...record, status: 'failed', endedAt: at };
      return index > state.progress.step && record.status !== 'succeeded' ? { ...record, status: 'skipped' } : record;
    }),
  };
}

/** The step may be run again now. */
function goOn(state: LiveJob): LiveJob {
  return { ...state, status: 'running', waitingFor: null };
}

/** What the actor said when a parked job looked. */
export function looked(state: LiveJob, verdict: 'go' | 'wait' | 'deleted', at: number, jitter: number): LiveJob {
  if (state.status !== 'waiting' || !state.waitingFor) return state;
  if (verdict === 'go') return goOn(state);
  if (verdict === 'deleted') {
    return {
      ...state,
      waitingFor: {
        ...state.waitingFor,
        code: 'connection_deleted',
        requirement: null,
        nextLookAt: at + LOOK_AT_DELETED_MS,
      },
    };
  }
  // Nobody may have pressed Verify after the right was given back: the step itself is the net below.
  if (state.waitingFor.requirement !== null && at - state.progress.ranAt >= REPEAT_FOR_RIGHT_MS) return goOn(state);
  const looks = state.progress.looks + 1;
  return {
    ...state,
    progress: { ...state.progress, looks },
    waitingFor: { ...state.waitingFor, nextLookAt: at + lookPause(looks - 1, jitter) },
  };
}

/** The connection has recovered, or the right is back. A job that does not wait for it is left alone. */
export function woken(state: LiveJob, connectionId: string): LiveJob {
  if (state.status !== 'waiting' || state.waitingFor?.connectionId !== connectionId) return state;
  return goOn({ ...state, progress: { ...state.progress, parks: 0, looks: 0 } });
}

/** Another connection stands behind a binding from now on. */
export function rebound(state: LiveJob, binding: string, connectionId: string): LiveJob {
  const bound = Object.hasOwn(state.bindings, binding) ? state.bindings[binding] : undefined;
  if (!bound || isOver(state.status)) return state;
  const changed: LiveJob = { ...state, bindings: { ...state.bindings, [binding]: { ...bound, connectionId } } };
  const waitsForIt = state.status === 'waiting' && state.steps[state.progress.step]?.binding === binding;
  return waitsForIt ? goOn({ ...changed, progress: { ...changed.progress, parks: 0, looks: 0 } }) : changed;
}

export function cancelled(state: LiveJob, at: number): LiveJob {
  if (isOver(state.status)) return state;
  return {
    ...state,
    status: 'cancelled',
    endedAt: at,
    waitingFor: null,
    error: {
      code: 'job_cancelled',
      text: ERROR_CODES.job_cancelled.text,
      step: state.steps[state.progress.step]?.id ?? null,
    },
    steps: state.steps.map((step) => (step.status === 'succeeded' ? step : { ...step, status: 'skipped' })),
  };
}
