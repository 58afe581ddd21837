/**
 * Tokens that were stored although nobody waited for them any more: the answer to a code whose exchange was called lost, or to a renewal
 * that only served a revocation. They live at the app, and are revoked. Pure.
 */
import { retireVersion } from './retiring.js';
import type { ConnectionState, Retired } from './state.js';

/** A version that is known (in force, a candidate, of the exchange under way) is left to whoever knows it. */
export function afterLateStranger(
  state: ConnectionState,
  event: { at: number; version: number; stays?: boolean },
): ConnectionState {
  const { version } = event;
  const { attempt, candidate, credential } = state;
  const isAllotted = Number.isInteger(version) && version > 0 && version < state.nextVersion;
  const known = [credential?.version, candidate?.facts.version, attempt?.version];
  if (!isAllotted || known.includes(version)) return state;
  return retireLate(state, event);
}

/** A late answer of a grant that is given up: by the retirement that waits for it, or by one of its own. */
export function retireLate(
  state: ConnectionState,
  { at, version, stays }: { at: number; version: number; stays?: boolean },
): ConnectionState {
  const isWaitedFor = (entry: Retired): boolean =>
    (entry.fromVersion <= version && version <= entry.toVersion) || (entry.renewals ?? []).includes(version);
  if (!state.retired.some(isWaitedFor)) return retireVersion(state, version, true, at);
  const sooner = (entry: Retired): Retired => ({
    ...entry,
    notBefore: Math.min(entry.notBefore, at),
    ...(stays && { late: (entry.late ?? 0) + 1 }),
  });
  return { ...state, retired: state.retired.map((entry) => (isWaitedFor(entry) ? sooner(entry) : entry)) };
}

/** Gives up a version whose answer may still come until then; when it comes, the signal brings that forward. */
export function awaitToRevoke(state: ConnectionState, version: number, at: number, until: number): ConnectionState {
  const before = state.retired.length;
  const next = retireVersion(state, version, true, at);
  return {
    ...next,
    retired: next.retired.map((entry, index) =>
      index === before ? { ...entry, notBefore: Math.max(at, until) } : entry,
    ),
  };
}
