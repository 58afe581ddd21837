/** What follows a renewal whose answer is not known (design.md section 3, "An intent without an answer is ambiguous"). Pure. */
import type { RefreshPolicy } from '#domain/refresh-policy.js';

/**
 * `repeat`: the same refresh token may be presented again: the app does not rotate, or its grace window is open, or there is nothing
 * left to lose. `wait`: the present access token is served, and the renewal is repeated near its end.
 */
export function afterAmbiguity(policy: RefreshPolicy, ageMs: number, accessAlive: boolean): 'repeat' | 'wait' {
  if (policy.rotates === 'never' || policy.reuse === 'harmless') return 'repeat';
  if (ageMs < policy.graceMs) return 'repeat';
  return accessAlive ? 'wait' : 'repeat';
}
