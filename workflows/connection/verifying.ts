/** Verification: an active proof. A rejected credential is renewed once; only a rejection after that is evidence (promise 6). */
import type { VerifyOutcome } from './activities.js';
import type { ConnectionEvent } from './events.js';
import { isRenewable, isUsable } from './refreshing.js';
import type { ConnectionState, Reason, VerifyWish } from './state.js';
import { announceRights, enterStatus } from './status.js';

/** Whether the app may be asked at all: in `invalid` only by a person (promise 7). */
export const mayVerify = (state: ConnectionState, by: VerifyWish['by']): boolean =>
  state.credential !== null && (isUsable(state) || (state.status === 'invalid' && by === 'person'));

/** Joins a wish to those that wait. */
export function afterVerifyWished(
  state: ConnectionState,
  event: Extract<ConnectionEvent, { type: 'verifyWished' }>,
): ConnectionState {
  if (!mayVerify(state, event.by)) return state;
  const before = state.verify.wish;
  const wish: VerifyWish = {
    by: before?.by === 'person' ? 'person' : event.by,
    requirements: [...new Set([...(before?.requirements ?? []), ...event.requirements])],
    renewedFrom: before?.renewedFrom ?? 0,
  };
  return { ...state, verify: { ...state.verify, wish } };
}

export function afterVerifyStarted(state: ConnectionState): ConnectionState {
  return { ...state, verify: { ...state.verify, wish: null, underWay: state.verify.wish } };
}

/** A version younger than the app's earliest useful refresh is verified, never refreshed. */
export function isTooYoung(state: ConnectionState, at: number): boolean {
  const { credential, policy } = state;
  return credential !== null && credential.refreshed && at - credential.obtainedAt < policy.earliestUsefulRefreshMs;
}

function afterRejected(
  state: ConnectionState,
  wish: VerifyWish,
  outcome: Extract<VerifyOutcome, { kind: 'answered' }>,
): ConnectionState {
  const { credential } = state;
  if (credential === null) return state;
  const { ambiguous } = state.refresh;
  const awaitedUntil = ambiguous?.until ?? 0;
  if (awaitedUntil > outcome.at) return afterRejectedTooSoon(state, { by: wish.by, awaitedUntil }, outcome);
  const renewedAlready = wish.renewedFrom > 0 && credential.version > wish.renewedFrom;
  if (isRenewable(state) && !renewedAlready && !isTooYoung(state, outcome.at)) {
    return {
      ...state,
      refresh: {
        ...state.refresh,
        notBefore: 0,
        wish: { by: wish.by, rejectedVersion: credential.version, adoptOnly: false },
      },
      // The round is not over: whoever waits for it waits for the renewal and the second look too.
      verify: { ...state.verify, rounds: state.verify.rounds - 1, wish: { ...wish, renewedFrom: credential.version } },
    };
  }
  const code = state.refresh.dead?.code ?? (credential.hasRefreshToken ? 'credential_rejected' : 'no_refresh_token');
  const reason: Reason = { code, ...(outcome.evidence && { evidence: outcome.evidence }) };
  // A wish from before, whose renewal had failed, is over: in `invalid` only what a person asks from now on may cause a call.
  const quiet = {
    ...state,
    refresh: { ...state.refresh, wish: state.refresh.wish?.adoptOnly ? state.refresh.wish : null },
  };
  return enterStatus(withProof(quiet, outcome, false, code), 'invalid', reason, outcome.at);
}

/** The answer of an earlier renewal may still come: it is waited for, then the renewal is repeated. Until then nothing is proven. */
function afterRejectedTooSoon(
  state: ConnectionState,
  { by, awaitedUntil }: { by: VerifyWish['by']; awaitedUntil: number },
  outcome: Extract<VerifyOutcome, { kind: 'answered' }>,
): ConnectionState {
  const wish = { by, rejectedVersion: outcome.version, adoptOnly: false };
  return {
    ...state,
    refresh: { ...state.refresh, wish, notBefore: awaitedUntil },
    verify: { ...state.verify, trouble: { code: 'renewal_ambiguous', at: outcome.at } },
  };
}

function withProof(
  state: ConnectionState,
  outcome: Extract<VerifyOutcome, { kind: 'answered' }>,
  accepted: boolean,
  code?: Reason['code'],
): ConnectionState {
  const proof = {
    count: state.proofCount + 1,
    at: outcome.at,
    accepted,
    version: outcome.version,
    missing: outcome.missing,
    satisfied: outcome.satisfied,
    ...(code && { code }),
    ...(outcome.evidence && { evidence: outcome.evidence }),
  };
  return { ...state, proof, proofCount: proof.count, verify: { ...state.verify, trouble: null } };
}

/** The access token works: it is served. What troubles its renewal stays named until a renewal succeeds. */
function enterProven(state: ConnectionState, at: number): ConnectionState {
  if (state.refresh.dead) return enterStatus(state, 'degraded', state.refresh.dead, at);
  if (state.status === 'degraded' && state.refresh.failures > 0) return state;
  return enterStatus(state, 'connected', null, at);
}

function afterAccepted(state: ConnectionState, outcome: Extract<VerifyOutcome, { kind: 'answered' }>): ConnectionState {
  const proven = withProof(state, outcome, true);
  return announceRights(enterProven(proven, outcome.at), outcome.satisfied, outcome.at);
}

/** The grant was swapped while it was looked at: the old user's rights are not the new one's. Whoever waits gets a look at the new one. */
function afterOutdatedProof(state: ConnectionState, looked: VerifyWish): ConnectionState {
  const requirements = [...new Set([...looked.requirements, ...(state.verify.wish?.requirements ?? [])])];
  return {
    ...state,
    verify: { ...state.verify, underWay: null, wish: { by: looked.by, requirements, renewedFrom: 0 } },
  };
}

/** The verification has ended. */
export function afterVerify(before: ConnectionState, outcome: VerifyOutcome): ConnectionState {
  const wish = before.verify.underWay ?? { by: 'system', requirements: [], renewedFrom: 0 };
  const state = { ...before, verify: { ...before.verify, underWay: null, rounds: before.verify.rounds + 1 } };
  if (state.status !== 'connected' && state.status !== 'degraded' && state.status !== 'invalid') return state;
  if (outcome.kind === 'unanswered') {
    const trouble = { code: outcome.code, at: outcome.at, ...(outcome.evidence && { evidence: outcome.evidence }) };
    return { ...state, verify: { ...state.verify, trouble } };
  }
  if (outcome.version !== state.credential?.version) return afterOutdatedProof(before, wish);
  return outcome.accepted ? afterAccepted(state, outcome) : afterRejected(state, wish, outcome);
}
