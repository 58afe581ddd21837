/** What a caller's `ensureFresh` asks of the actor. Pure. */
import type { EnsureFreshInput, RefreshUpdateInput } from './messages.js';
import { isRejected, isRenewable, isUsable } from './refreshing.js';
import type { ConnectionState } from './state.js';
import { isTooYoung } from './verifying.js';

/** A token that ends within this time is worth a renewal when a caller asks. */
const NEAR_END_MS = 60_000;

/**
 * `answer`: a newer version is there, nothing is to be done, or nothing may be done now; `refresh`: renew, or join the renewal under
 * way; `remember`: renew as soon as the answer to an ambiguous renewal can no longer come, and answer now; `verify`: a rejection that a renewal cannot cure is a report, and the actor proves it once (promise 6).
 */
export function wishForFresh(
  state: ConnectionState,
  input: EnsureFreshInput,
  at: number,
): 'answer' | 'refresh' | 'remember' | 'verify' {
  const { credential, refresh } = state;
  if (!isUsable(state) || credential === null || credential.version > input.seenVersion) return 'answer';
  if (refresh.underWay !== 0) return 'refresh';
  if (input.rejected && (!isRenewable(state) || isTooYoung(state, at))) return 'verify';
  if (!isRenewable(state)) return 'answer';
  const nearEnd = credential.accessExpiresAt !== null && credential.accessExpiresAt - at < NEAR_END_MS;
  if (!input.rejected && !nearEnd) return 'answer';
  if (refresh.notBefore <= at) return 'refresh';
  // A rejection that is known already has its moment.
  const isNews = input.rejected && !isRejected(state);
  if (!isNews || refresh.ambiguous === null) return 'answer';
  return (refresh.ambiguous.until ?? 0) <= at ? 'refresh' : 'remember';
}

/**
 * What a person's `refresh` asks. One that names an older version, or came in before the present one was obtained, is served already;
 * a version that is younger than the app's earliest useful refresh is proven instead (promise 6).
 */
export function wishToRefresh(
  state: ConnectionState,
  { seenVersion, waitedMs, askedAt = 0 }: Partial<RefreshUpdateInput>,
  at: number,
): 'answer' | 'refresh' | 'verify' {
  const { credential, refresh } = state;
  if (credential === null || refresh.underWay !== 0) return 'refresh';
  if (seenVersion !== undefined && seenVersion < credential.version) return 'answer';
  if (!credential.refreshed || !isUsable(state)) return 'refresh';
  const since = waitedMs === undefined ? askedAt : at - waitedMs;
  if (since > 0 && since <= credential.obtainedAt) return 'answer';
  return isTooYoung(state, at) ? 'verify' : 'refresh';
}
