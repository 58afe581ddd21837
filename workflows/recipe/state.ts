/**
 * The state of a recipe, and what each event makes of it. Pure.
 *
 * | status    | entered by                                     | left by                          | timer it keeps |
 * | --------- | ---------------------------------------------- | -------------------------------- | -------------- |
 * | `stopped` | creation, stop                                 | start, delete                    | none |
 * | `running` | start, wake, a look that says go               | stop, a "no" of a bound connection | pause after a failing trigger |
 * | `waiting` | a bound connection says no, a right is missing | wake, a look, change, stop       | look: 2 s, then 30 s to 15 min |
 * | `deleted` | a user                                         | never: the run ends              | none |
 *
 * Beside the status it keeps the open jobs: their number bounds polling, and jobs of one record are chained by them.
 */
import type { ErrorCode } from '#domain/errors.js';
import type { RecipeBindings, RecipeDefinition } from '#domain/recipe.js';
import { FIRST_LOOK_MS, lookPause, retryPause } from '../job/pause.js';
import type { PollOutcome } from './activities.js';
import { choiceAfter, placesAfter } from './cursors.js';
import { classOf } from '../class-of.js';
import type { OpenJob, ReadFrom, RecipeProgress, RecipeState } from './messages.js';

/** Open jobs older than this are compared with Temporal, and so often. */
export const RECONCILE_MS = 3 * 60_000;
const ENDED_KEPT = 200;
const PATIENT_PARKS = 3;
const POLL_FOR_RIGHT_MS = 5 * 60_000;

/** A recipe with its book-keeping. */
export type LiveRecipe = RecipeState & { progress: RecipeProgress };

/** How the trigger failed, as the activity tells it. */
export interface PollFailure {
  code: ErrorCode;
  text: string;
  connectionId?: string;
  requirement?: string | null;
  retryAfterMs?: number;
}

export interface RecipeChange {
  version: number;
  name: string;
  definition: RecipeDefinition;
  bindings: RecipeBindings;
  /** Where it reads on, when a person has chosen. */
  readFrom?: ReadFrom;
}

export function liveRecipe(state: RecipeState): LiveRecipe {
  const fresh: RecipeProgress = {
    ended: [],
    failures: 0,
    pollNotBefore: 0,
    parkedAt: 0,
    nextLookAt: 0,
    parks: 0,
    looks: 0,
    reconciledAt: 0,
    projected: '',
  };
  return { ...state, progress: state.progress ?? fresh };
}

/**
 * The state with which a recipe is started again from its projection: nothing under way, the cursors kept, the store's newer version
 * taken over (its `change` found no workflow), and without the jobs that were lost.
 */
export function rebuiltRecipe(
  projection: RecipeState,
  stored: RecipeChange,
  lostJobs: string[],
  at: number,
): LiveRecipe {
  const { state } = jobsDone(changed(liveRecipe(projection), stored, at), lostJobs);
  const progress = progressOf(state, { pollNotBefore: 0, nextLookAt: 0, reconciledAt: 0, projected: '' });
  return raise(state, { progress });
}

/** How many jobs may be started now. */
export const capacityOf = (state: RecipeState): number =>
  Math.max(0, state.definition.concurrency - state.openJobs.length);

/** What is due at a moment, and when something will be due next (null: nothing without a message). */
export interface RecipeWork {
  poll: boolean;
  look: boolean;
  reconcile: string[];
  wakeAt: number | null;
}

export function workOf(state: LiveRecipe, now: number): RecipeWork {
  const { progress, status } = state;
  const wantsPoll = status === 'running' && capacityOf(state) > 0;
  const due = (moment: number): boolean => moment <= now;
  const oldest = Math.min(...state.openJobs.map((job) => Math.max(job.startedAt, progress.reconciledAt)));
  const reconcileAt = oldest + RECONCILE_MS;
  const moments = [
    ...(wantsPoll ? [progress.pollNotBefore] : []),
    ...(status === 'waiting' ? [progress.nextLookAt] : []),
    ...(state.openJobs.length > 0 && status !== 'deleted' ? [reconcileAt] : []),
  ].filter((moment) => !due(moment));
  return {
    poll: wantsPoll && due(progress.pollNotBefore),
    look: status === 'waiting' && due(progress.nextLookAt),
    reconcile: state.openJobs.length > 0 && due(reconcileAt) ? state.openJobs.map((job) => job.jobId) : [],
    wakeAt: moments.length > 0 ? Math.min(...moments) : null,
  };
}

/** By two: the number between belongs to the poll that was given this state (see `projectionOfPoll`). */
const raise = (state: LiveRecipe, change: Partial<LiveRecipe>): LiveRecipe => ({
  ...state,
  ...change,
  revision: state.revision + 2,
});
const progressOf = (state: LiveRecipe, change: Partial<RecipeProgress>): RecipeProgress => ({
  ...state.progress,
  ...change,
});
const AWAKE = { parks: 0, looks: 0, failures: 0, pollNotBefore: 0, nextLookAt: 0 };

export function started(state: LiveRecipe, at: number): LiveRecipe {
  if (state.status !== 'stopped') return state;
  return raise(state, {
    status: 'running',
    since: at,
    startedAt: at,
    waitingFor: null,
    warning: null,
    progress: progressOf(state, AWAKE),
  });
}

/** Ends polling; jobs that were started go on. */
export function stopped(state: LiveRecipe, at: number): LiveRecipe {
  if (state.status === 'stopped' || state.status === 'deleted') return state;
  return raise(state, { status: 'stopped', since: at, waitingFor: null, progress: progressOf(state, AWAKE) });
}

export function deleted(state: LiveRecipe, at: number): LiveRecipe {
  return state.status === 'deleted' ? state : raise(state, { status: 'deleted', since: at, waitingFor: null });
}

/** What decides which events a cursor has passed. */
export const triggerKey = (state: RecipeState): string =>
  JSON.stringify([state.definition.trigger.operation, state.definition.trigger.input]);

const sourceOf = ({ definition, bindings }: RecipeState): string | null =>
  bindings[definition.trigger.binding]?.connectionId ?? null;

/** A newer version. Another trigger reads from its own beginning; event ids keep what was seen from being done twice. */
export function changed(state: LiveRecipe, change: RecipeChange, at: number): LiveRecipe {
  if (state.status === 'deleted' || change.version <= state.version) return state;
  const { readFrom, ...version } = change;
  const changes = { ...version, warning: null, progress: progressOf(state, AWAKE) };
  const bare = raise(state, changes);
  const next: LiveRecipe = { ...bare, ...choiceAfter(state, sourceOf(bare), readFrom) };
  const sameTrigger = triggerKey(next) === triggerKey(state);
  const cursors = sameTrigger ? state.cursors : {};
  const begins = sameTrigger && sourceOf(next) === sourceOf(state) && readFrom === undefined ? {} : { startedAt: at };
  const wasWaiting = state.status === 'waiting';
  return { ...next, cursors, ...begins, ...(wasWaiting ? { status: 'running', since: at, waitingFor: null } : {}) };
}

/**
 * The poll has started jobs. `asked` is the state that it was given: a cursor of an older trigger is not taken over.
 * Answers with the successors that need not wait any more.
 */
export function polled(
  state: LiveRecipe,
  outcome: PollOutcome,
  asked: RecipeState,
): { state: LiveRecipe; released: OpenJob[] } {
  const ended = new Set(state.progress.ended);
  const known = new Set(state.openJobs.map((job) => job.jobId));
  const fresh = outcome.started.filter((job) => !known.has(job.jobId) && !(job.adopted && ended.has(job.jobId)));
  const joined = [...state.openJobs, ...fresh.filter((job) => !ended.has(job.jobId))];
  const takes = outcome.cursor !== null && triggerKey(asked) === triggerKey(state);
  const next = raise(state, {
    openJobs: joined,
    ...(takes ? placesAfter(state, outcome, asked) : {}),
    jobsStarted: state.jobsStarted + fresh.length,
    lastPollAt: outcome.at,
    warning: null,
    progress: progressOf(state, { failures: 0, pollNotBefore: 0, parks: 0, looks: 0 }),
  });
  return release(next);
}

/** Frees the jobs whose predecessor is not open (any more). */
function release(state: LiveRecipe): { state: LiveRecipe; released: OpenJob[] } {
  const open = new Set(state.openJobs.map((job) => job.jobId));
  const released = state.openJobs.filter((job) => job.after !== null && !open.has(job.after));
  if (released.length === 0) return { state, released };
  const openJobs = state.openJobs.map((job) => (released.includes(job) ? { ...job, after: null } : job));
  return { state: { ...state, openJobs }, released };
}

/** Jobs have ended. */
export function jobsDone(state: LiveRecipe, jobIds: string[]): { state: LiveRecipe; released: OpenJob[] } {
  const ended = new Set(jobIds);
  const openJobs = state.openJobs.filter((job) => !ended.has(job.jobId));
  const news = jobIds.filter((jobId) => !state.progress.ended.includes(jobId));
  if (openJobs.length === state.openJobs.length && news.length === 0) return { state, released: [] };
  return release(
    raise(state, {
      openJobs,
      progress: progressOf(state, { ended: [...state.progress.ended, ...news].slice(-ENDED_KEPT) }),
    }),
  );
}

/** The open jobs were compared with Temporal. */
export function reconciled(
  state: LiveRecipe,
  closed: string[],
  at: number,
): { state: LiveRecipe; released: OpenJob[] } {
  const marked = { ...state, progress: progressOf(state, { reconciledAt: at }) };
  return closed.length === 0 ? { state: marked, released: [] } : jobsDone(marked, closed);
}

/** The trigger failed: it parks when a human or an operator is needed, else it pauses and shows a warning. */
export function pollFailed(state: LiveRecipe, failure: PollFailure, at: number, jitter: number): LiveRecipe {
  if (state.status !== 'running') return state;
  const kind = classOf(failure.code, state);
  const warning = {
    code: failure.code,
    text: failure.text,
    at: state.warning?.code === failure.code ? state.warning.at : at,
  };
  if (kind !== 'wait_for_human' && kind !== 'wait_for_operator') {
    const failures = state.progress.failures + 1;
    const pause = Math.max(retryPause(failures + 2, jitter), failure.retryAfterMs ?? 0);
    return raise(state, { warning, progress: progressOf(state, { failures, pollNotBefore: at + pause }) });
  }
  const parks = state.progress.parks + 1;
  const pause = parks <= PATIENT_PARKS ? FIRST_LOOK_MS : lookPause(parks - PATIENT_PARKS, jitter);
  return raise(state, {
    status: 'waiting',
    since: at,
    warning,
    waitingFor: {
      connectionId: failure.connectionId ?? '',
      code: failure.code,
      requirement: failure.requirement ?? null,
    },
    progress: progressOf(state, { parks, parkedAt: at, nextLookAt: at + pause }),
  });
}

function goOn(state: LiveRecipe, at: number, progress: Partial<RecipeProgress>): LiveRecipe {
  return raise(state, {
    status: 'running',
    since: at,
    waitingFor: null,
    progress: progressOf(state, { ...progress, pollNotBefore: 0 }),
  });
}

/** What the actor said when the waiting recipe looked. */
export function looked(state: LiveRecipe, verdict: 'go' | 'wait' | 'deleted', at: number, jitter: number): LiveRecipe {
  if (state.status !== 'waiting' || !state.waitingFor) return state;
  if (verdict === 'go') return goOn(state, at, {});
  if (verdict === 'wait' && state.waitingFor.requirement !== null && at - state.progress.parkedAt >= POLL_FOR_RIGHT_MS)
    return goOn(state, at, {});
  const looks = state.progress.looks + 1;
  const progress = progressOf(state, { looks, nextLookAt: at + lookPause(looks - 1, jitter) });
  if (verdict === 'deleted' && state.waitingFor.code !== 'connection_deleted') {
    return raise(state, {
      progress,
      waitingFor: { ...state.waitingFor, code: 'connection_deleted', requirement: null },
    });
  }
  return { ...state, progress };
}

/** A bound connection has recovered. */
export function woken(state: LiveRecipe, connectionId: string | undefined, at: number): LiveRecipe {
  if (state.status !== 'waiting' || state.waitingFor?.connectionId !== connectionId) return state;
  return goOn(state, at, { parks: 0, looks: 0 });
}

/** What a poll is given: the list of ended jobs is long, and for the workflow alone. */
export function askOf(state: LiveRecipe): LiveRecipe {
  return { ...state, progress: progressOf(state, { ended: [] }) };
}

/**
 * What a poll writes to the store in the same breath as its work. Its revision lies between that of the state it was given and
 * any later one: it can never stand in the way of a change that happened while it ran (a stop).
 */
export function projectionOfPoll(asked: RecipeState, outcome: PollOutcome): LiveRecipe {
  return { ...polled(liveRecipe(asked), outcome, asked).state, revision: asked.revision + 1 };
}

/** What screens show; when it differs from what the store was told last, the store is told. */
export function projectionKey(state: RecipeState): string {
  return JSON.stringify([state.status, state.version, state.name, state.waitingFor, state.warning?.code ?? null]);
}

export function projected(state: LiveRecipe, key: string): LiveRecipe {
  return { ...state, progress: progressOf(state, { projected: key }) };
}
