/** What follows a renewal whose answer is not known (docs/decisions.md, "Rotation"). Pure. */
import type { RefreshPolicy } from '#domain/refresh-policy.js';
import type { Intent } from '../../vault/credential-vault.js';

/**
 * How long ago an intent was written. One from the future was stamped by a clock that cannot be compared with this one: its age is not
 * known, and an unknown age is no grace.
 */
export const ageOf = (createdAt: number, at: number): number =>
  createdAt > at ? Number.POSITIVE_INFINITY : at - createdAt;

/** Presenting a used refresh token may cost the grant, or its judgement. */
const isStrict = (policy: RefreshPolicy, ageMs: number): boolean =>
  policy.rotates !== 'never' && policy.reuse !== 'harmless' && !(ageMs >= 0 && ageMs < policy.graceMs);

/**
 * `repeat`: the same refresh token may be presented again: the app does not rotate, or its grace window is open, or there is nothing
 * left to lose. `wait`: the present access token is served, and the renewal is repeated near its end.
 */
export function afterAmbiguity(policy: RefreshPolicy, ageMs: number, accessAlive: boolean): 'repeat' | 'wait' {
  return isStrict(policy, ageMs) && accessAlive ? 'wait' : 'repeat';
}

/**
 * The moment until which the answer of an earlier request may still come, from a worker that was paused or a provider that takes its
 * time; 0 = none is waited for. Until then there is something to lose even when the access token has ended: that answer may be the
 * only living token, and a strict app may kill it for the repeat.
 */
export function awaitedUntil(policy: RefreshPolicy, ageMs: number, unknown: Intent[], answerMs: number): number {
  if (!isStrict(policy, ageMs)) return 0;
  const awaited = unknown.filter(({ outcome }) => outcome === 'open');
  return awaited.reduce((latest, { sendBefore }) => Math.max(latest, sendBefore + answerMs), 0);
}
