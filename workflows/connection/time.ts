/** What time alone does, and when the actor must look again. Pure: the moment comes as an argument. */
import { hasEnded, isRejected, isRenewable, isUsable } from './refreshing.js';
import { refuseCandidate } from './retiring.js';
import type { ConnectionState } from './state.js';
import { enterStatus } from './status.js';
import { mayVerify } from './verifying.js';

/** A connection counts as in use for so long after the last `used` signal (those come at most every six hours). */
export const IN_USE_MS = 7 * 3_600_000;
/** An idle refresh token is renewed at this share of its life. */
const KEEP_ALIVE_SHARE = 0.8;

/**
 * Time alone renews no sooner than this after the last renewal began, both by the actor's clock: a token of one second, or one that was
 * stamped by a clock that is behind, must not make it renew all the time. Whoever needs a token meanwhile asks for it.
 */
export const RENEWAL_FLOOR_MS = 10_000;

/** Until then (epoch ms) nothing is renewed merely because a token's end is near or past. */
const renewalFloor = ({ paced, refresh }: ConnectionState): number =>
  paced && refresh.begunAt !== undefined ? refresh.begunAt + RENEWAL_FLOOR_MS : 0;

/** The token came a moment ago: whatever its end says, it is worth a try. */
export const isJustRenewed = (state: ConnectionState, at: number): boolean =>
  state.credential?.refreshed === true && state.refresh.failures === 0 && renewalFloor(state) > at;

/** A number in 0..1 that differs between connections, so that renewals do not align (no randomness: queries use it too). */
function spread(state: ConnectionState): number {
  // By the version too, a renewed token could be due before the one that it replaced: re-arming the timer costs two events.
  let hash = state.evenSpread ? 0 : (state.credential?.version ?? 0);
  for (const character of state.connectionId) hash = (hash * 31 + character.charCodeAt(0)) % 1_000_003;
  return hash / 1_000_003;
}

/** When the access token should be renewed ahead of its end; null = not by time. */
function proactiveAt(state: ConnectionState, at: number): number | null {
  const { credential, usedAt, policy } = state;
  if (credential === null || credential.accessExpiresAt === null || usedAt === null || at - usedAt > IN_USE_MS)
    return null;
  const life = credential.accessExpiresAt - credential.obtainedAt;
  const margin = Math.min(policy.marginMs, life / 3);
  return Math.round(credential.accessExpiresAt - margin * (0.75 + spread(state) / 4));
}

/** When the refresh token must be used lest it die of idleness; null = it does not. */
function keepAliveAt(state: ConnectionState): number | null {
  const { credential } = state;
  if (credential === null || credential.refreshExpiresAt === null) return null;
  return Math.round(credential.obtainedAt + (credential.refreshExpiresAt - credential.obtainedAt) * KEEP_ALIVE_SHARE);
}

const earliest = (...moments: (number | null)[]): number | null =>
  moments.reduce<number | null>(
    (least, moment) => (moment === null ? least : least === null ? moment : Math.min(least, moment)),
    null,
  );

/** When the next renewal is due by itself; null = never. `at` decides whether the connection is in use. */
export function renewalDueAt(state: ConnectionState, at: number): number | null {
  if (!isUsable(state) || !isRenewable(state)) return null;
  const { wish, notBefore, ambiguous } = state.refresh;
  if (wish !== null) {
    // A rejected token makes an ambiguous renewal urgent: there is nothing left to serve until "near its end".
    const urgent = ambiguous !== null && isRejected(state);
    return urgent ? Math.max(ambiguous.until ?? 0, notBefore) : notBefore;
  }
  const byTime = earliest(proactiveAt(state, at), keepAliveAt(state), ambiguous ? notBefore : null);
  return byTime === null ? null : Math.max(byTime, notBefore, renewalFloor(state));
}

/** Ends what has run out: candidates, tokens that cannot be renewed, wishes that nobody may serve any more. */
export function afterTick(state: ConnectionState, at: number): ConnectionState {
  let next = state;
  if (next.candidate !== null && next.candidate.expiresAt <= at) {
    next = refuseCandidate(next, at);
  }
  if (isUsable(next) && hasEnded(next, at) && !isRenewable(next)) {
    next = enterStatus(next, 'invalid', next.refresh.dead ?? { code: 'no_refresh_token' }, at);
  }
  const { wish } = next.verify;
  const waitsForRenewal = wish !== null && hasEnded(next, at) && isRenewable(next) && next.refresh.notBefore > at;
  if (wish !== null && (!mayVerify(next, wish.by) || waitsForRenewal)) {
    const { code, evidence } = next.reason ?? { code: 'never_authorized' as const, evidence: undefined };
    const trouble = { code, at, ...(evidence && { evidence }) };
    next = { ...next, verify: { ...next.verify, wish: null, rounds: next.verify.rounds + 1, trouble } };
  }
  const refreshWish = next.refresh.wish;
  if (
    refreshWish !== null &&
    !refreshWish.adoptOnly &&
    !(isRenewable(next) && (isUsable(next) || refreshWish.by === 'person'))
  ) {
    next = { ...next, refresh: { ...next.refresh, wish: null, rounds: next.refresh.rounds + 1 } };
  }
  return next;
}

/** The next moment at which time alone does something; null = the actor may sleep until a message comes. */
export function nextDeadline(state: ConnectionState, at: number): number | null {
  const { attempt, candidate, credential } = state;
  const attemptAt = attempt === null ? null : attempt.phase === 'open' ? attempt.expiresAt : attempt.notBefore;
  const endAt = credential !== null && isUsable(state) && !isRenewable(state) ? credential.accessExpiresAt : null;
  const retireAt = state.retired.reduce<number | null>((least, entry) => earliest(least, entry.notBefore), null);
  const proveAt = state.verify.wish?.notBefore ?? null;
  return earliest(attemptAt, candidate?.expiresAt ?? null, endAt, retireAt, proveAt, renewalDueAt(state, at));
}
