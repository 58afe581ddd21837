/** Changing the status, and telling of it: the two always go together. */
import type { ErrorCode } from '#domain/errors.js';
import type { ConnectionStatus } from '#domain/lease.js';
import { keepEvidence } from './keep-evidence.js';
import type { Announcement, AttemptEnd, ConnectionState, Reason } from './state.js';

/** Back-off between repeats of a failing call: 1 s doubling to 15 min, between half and the whole of it by `jitter` (0..1). */
export function backOffMs(failures: number, jitter: number, retryAfterMs = 0): number {
  const full = Math.min(15 * 60_000, 1_000 * 2 ** Math.min(failures, 20));
  return Math.max(retryAfterMs, Math.round(full * (0.5 + jitter / 2)));
}

function announce(
  state: ConnectionState,
  part: Partial<Announcement> & { kind: Announcement['kind']; at: number },
): ConnectionState {
  const sequence = state.announcementCount + 1;
  const announcement: Announcement = {
    sequence,
    from: state.status,
    to: state.status,
    code: state.reason?.code ?? null,
    wakeConnection: false,
    wakeRequirements: [],
    closeAttempts: [],
    ...part,
  };
  return { ...state, announcementCount: sequence, announcements: [...state.announcements, announcement] };
}

/**
 * Enters a status (or keeps it with another reason). Jobs that wait for the connection are woken when it becomes usable,
 * and when it is deleted, so that they show what they really wait for.
 */
export function enterStatus(
  state: ConnectionState,
  to: ConnectionStatus,
  because: Reason | null,
  at: number,
): ConnectionState {
  const reason = keepEvidence(state.reason, because);
  if (state.status === to && (state.reason?.code ?? null) === (reason?.code ?? null)) return { ...state, reason };
  const from = state.status;
  const usable = (status: ConnectionStatus): boolean => status === 'connected' || status === 'degraded';
  const next = { ...state, status: to, reason, since: from === to ? state.since : at };
  const wakeConnection =
    (usable(to) && !usable(from)) || (to === 'connected' && from === 'degraded') || to === 'deleted';
  return announce(next, { kind: 'status', from, at, wakeConnection });
}

/** Jobs that wait for these requirements may repeat their step. */
export function announceRights(state: ConnectionState, requirements: string[], at: number): ConnectionState {
  return requirements.length === 0 ? state : announce(state, { kind: 'rights', at, wakeRequirements: requirements });
}

/** A changed name or setting is shown in lists at once, not only when the next work writes the projection. */
export const announceSettings = (state: ConnectionState, at: number): ConnectionState =>
  announce(state, { kind: 'settings', at });

/** Writes how attempts ended into their documents. */
export function announceAttemptEnds(state: ConnectionState, ends: AttemptEnd[], at: number): ConnectionState {
  return ends.length === 0 ? state : announce(state, { kind: 'attempt', at, closeAttempts: ends });
}

/** Ends the open attempt, if there is one: the connection's state stays as it was (promise 8). */
export function endAttempt(state: ConnectionState, end: Omit<AttemptEnd, 'attemptId'>): ConnectionState {
  if (state.attempt === null) return state;
  const ended: AttemptEnd = { attemptId: state.attempt.attemptId, ...end };
  return announceAttemptEnds({ ...state, attempt: null, lastAttempt: ended }, [ended], end.at);
}

/** A failed end by code. */
export const failedEnd = (code: ErrorCode, at: number): Omit<AttemptEnd, 'attemptId'> => ({
  outcome: 'failed',
  code,
  at,
});
