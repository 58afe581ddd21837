/** Verification: an active proof. A rejected credential is renewed once; only a rejection after that is evidence (promise 6). */
import type { VerifyOutcome } from './activities.js';
import type { ConnectionEvent } from './events.js';
import { isRenewable, isUsable } from './refreshing.js';
import type { ConnectionState, Reason, VerifyWish } from './state.js';
import { announceRights, backOffMs, enterStatus } from './status.js';
import { richerEvidence } from './keep-evidence.js';

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
    ...(before?.proofs !== undefined && { proofs: before.proofs }),
    // A person who presses Verify does not wait for the pause.
    ...(before?.notBefore !== undefined && event.by !== 'person' && { notBefore: before.notBefore }),
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
  if (outcome.settles && isUsable(state)) return afterRefusedFresh(state, wish, outcome);
  const code = state.refresh.dead?.code ?? (credential.hasRefreshToken ? 'credential_rejected' : 'no_refresh_token');
  // The words of the refusal that ended the grant say more than that its token is not accepted either.
  const evidence = richerEvidence(state.refresh.dead?.evidence ?? evidenceOf(state, code), outcome.evidence);
  const reason: Reason = { code, ...(evidence && { evidence }) };
  // A wish from before, whose renewal had failed, is over: in `invalid` only what a person asks from now on may cause a call.
  const quiet = {
    ...state,
    refresh: { ...state.refresh, wish: state.refresh.wish?.adoptOnly ? state.refresh.wish : null },
  };
  const proof = { ...outcome, ...(evidence && { evidence }) };
  return enterStatus(withProof(quiet, proof, false, code), 'invalid', reason, outcome.at);
}

const evidenceOf = ({ reason }: ConnectionState, code: Reason['code']): Reason['evidence'] =>
  reason?.code === code ? reason.evidence : undefined;

/** Pauses between proofs of a token that was issued a moment ago: 1 s, 2 s, then 4 s, by jitter down to half. */
const SETTLING_PAUSES = 2;

/** Refused, but issued a moment ago: degraded, and proven again by itself until the refusal has lasted or is gone. */
function afterRefusedFresh(
  state: ConnectionState,
  wish: VerifyWish,
  outcome: Extract<VerifyOutcome, { kind: 'answered' }>,
): ConnectionState {
  const reason: Reason = { code: 'credential_settling', ...(outcome.evidence && { evidence: outcome.evidence }) };
  const trouble = { ...reason, at: outcome.at };
  const next = { ...state, verify: { ...state.verify, trouble, wish: againLater(wish, outcome, SETTLING_PAUSES) } };
  return enterStatus(next, 'degraded', reason, outcome.at);
}

function againLater(wish: VerifyWish, { at, jitter }: VerifyOutcome, longest: number): VerifyWish {
  const proofs = wish.proofs ?? 0;
  return { ...wish, proofs: proofs + 1, notBefore: at + backOffMs(Math.min(proofs, longest), jitter) };
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

/** Pauses while the app does not answer, up to a quarter of an hour. */
const UNPROVEN_PAUSES = 20;

/** The verification has ended. */
export function afterVerify(before: ConnectionState, outcome: VerifyOutcome): ConnectionState {
  const wish = before.verify.underWay ?? { by: 'system', requirements: [], renewedFrom: 0 };
  const state = { ...before, verify: { ...before.verify, underWay: null, rounds: before.verify.rounds + 1 } };
  if (state.status !== 'connected' && state.status !== 'degraded' && state.status !== 'invalid') return state;
  if (outcome.kind === 'unanswered') {
    const trouble = { code: outcome.code, at: outcome.at, ...(outcome.evidence && { evidence: outcome.evidence }) };
    const unproven = state.reason?.code === 'credential_settling' && isUsable(state) && state.verify.wish === null;
    const again = unproven ? againLater(wish, outcome, UNPROVEN_PAUSES) : state.verify.wish;
    return { ...state, verify: { ...state.verify, trouble, wish: again } };
  }
  if (outcome.version !== state.credential?.version) return afterOutdatedProof(before, wish);
  return outcome.accepted ? afterAccepted(state, outcome) : afterRejected(state, wish, outcome);
}
