/** What the actor does next: one piece of work at a time, so that a grant has one writer (promise 2). */
import type { Announcement, ConnectionState, Retired } from './state.js';
import { hasEnded, isRenewable } from './refreshing.js';
import { isJustRenewed, renewalDueAt } from './time.js';

export type Work =
  | { kind: 'reconcile' }
  | { kind: 'exchange'; attemptId: string }
  | { kind: 'checkAttempt'; attemptId: string }
  | { kind: 'refresh' }
  | { kind: 'verify' }
  | { kind: 'retire'; retired: Retired };

/** The next piece of work on the grant at a moment, or null. The order is the order of urgency. */
export function nextWork(state: ConnectionState, at: number): Work | null {
  if (state.unreconciled) return { kind: 'reconcile' };
  const { attempt } = state;
  if (attempt !== null && attempt.phase !== 'open' && attempt.notBefore <= at)
    return { kind: 'exchange', attemptId: attempt.attemptId };
  if (attempt !== null && attempt.phase === 'open' && attempt.expiresAt <= at)
    return { kind: 'checkAttempt', attemptId: attempt.attemptId };
  if (state.refresh.wish?.adoptOnly) return { kind: 'refresh' };
  const byPerson = state.refresh.wish?.by === 'person' && state.status === 'invalid' && isRenewable(state);
  const due = renewalDueAt(state, at);
  const verifyNeedsIt =
    state.verify.wish !== null &&
    hasEnded(state, at) &&
    isRenewable(state) &&
    state.refresh.notBefore <= at &&
    !isJustRenewed(state, at);
  if (byPerson || verifyNeedsIt || (due !== null && due <= at)) return { kind: 'refresh' };
  if (state.verify.wish !== null && (state.verify.wish.notBefore ?? 0) <= at) return { kind: 'verify' };
  const retired = state.retired.find((entry) => entry.notBefore <= at);
  return retired ? { kind: 'retire', retired } : null;
}

/** The next announcement, or null. Announcing runs beside the work on the grant: waking thousands of jobs must not hold up a renewal. */
export const nextAnnouncement = (state: ConnectionState): Announcement | null => state.announcements[0] ?? null;
