/** Attempts and candidates: they stand beside the state and change it only when a candidate comes into force (promise 8). */
import type { CredentialFacts, Grant, MissingRequirement } from '#domain/grant.js';
import type { ConnectionEvent } from './events.js';
import type { ExchangeOutcome } from './activities.js';
import type { AttemptEnd, Candidate, ConnectionState } from './state.js';
import { awaitToRevoke } from './late-stranger.js';
import { abandonAttempt, refuseCandidate, retireCredential, retireVersion } from './retiring.js';
import { announceAttemptEnds, backOffMs, endAttempt, enterStatus } from './status.js';

/** A person decides about another account within an hour. */
export const CANDIDATE_MS = 3_600_000;
/** An exchange that surely was not sent is repeated so often. */
const EXCHANGE_TRIES = 5;

/** A new attempt supersedes an older one; the same attempt again changes nothing; what is deleted is never authorized again. */
export function afterAuthorizeAsked(
  state: ConnectionState,
  event: Extract<ConnectionEvent, { type: 'authorizeAsked' }>,
): ConnectionState {
  if (
    state.status === 'deleted' ||
    state.attempt?.attemptId === event.attemptId ||
    state.lastAttempt?.attemptId === event.attemptId
  )
    return state;
  const superseded = abandonAttempt(state, 'attempt_superseded', event.at);
  return {
    ...superseded,
    policy: event.policy ?? superseded.policy,
    authorizeRequestedAt: null,
    attempt: {
      attemptId: event.attemptId,
      by: event.by,
      startedAt: event.at,
      expiresAt: event.expiresAt,
      phase: 'open',
      version: 0,
      notBefore: 0,
      tries: 0,
    },
  };
}

/** The callback came, or the attempt's document says so. */
export function afterAttemptAnswered(state: ConnectionState, attemptId: string): ConnectionState {
  const { attempt } = state;
  if (attempt === null || attempt.attemptId !== attemptId || attempt.phase !== 'open') return state;
  return { ...state, attempt: { ...attempt, phase: 'answered' } };
}

/** Allots the candidate's version. A repeated exchange keeps the number it had: nothing was stored under it. */
export function afterExchangeStarted(state: ConnectionState): ConnectionState {
  const { attempt } = state;
  if (attempt === null) return state;
  const version = attempt.version || state.nextVersion;
  return {
    ...state,
    nextVersion: Math.max(state.nextVersion, version + 1),
    attempt: { ...attempt, phase: 'exchanging', version },
  };
}

const sameAccount = (a: Grant, b: Grant): boolean => a.instance.id === b.instance.id && a.account.id === b.account.id;

/** Puts a grant in force: same id, new versions; the old one is given up. */
export function putInForce(
  state: ConnectionState,
  grant: Grant,
  facts: CredentialFacts,
  proven: { at: number; missing: MissingRequirement[]; satisfied: string[] },
): ConnectionState {
  const left = retireCredential(state, state.policy.revokeOldGrantAfterSwap, proven.at);
  const proof = { count: left.proofCount + 1, accepted: true, version: facts.version, ...proven };
  const next: ConnectionState = {
    ...left,
    grant,
    credential: facts,
    keptFrom: facts.version,
    proof,
    proofCount: proof.count,
    refresh: {
      ...left.refresh,
      failures: 0,
      notBefore: 0,
      ambiguous: null,
      dead: null,
      wish: null,
      rounds: left.refresh.rounds + 1,
    },
    verify: { ...left.verify, wish: null, trouble: null, rounds: left.verify.rounds + 1 },
    candidate: null,
    settledAt: null,
    usedAt: left.usedAt ?? proven.at,
  };
  return enterStatus(next, 'connected', null, proven.at);
}

function afterGranted(state: ConnectionState, outcome: Extract<ExchangeOutcome, { kind: 'granted' }>): ConnectionState {
  const { grant, facts, at } = outcome;
  const otherInstance = state.grant !== null && state.grant.instance.id !== grant.instance.id;
  if (otherInstance && !outcome.replaces) {
    return retireVersion(
      endAttempt(state, { outcome: 'failed', code: 'instance_mismatch', at }),
      facts.version,
      true,
      at,
      facts.frozen,
    );
  }
  // A candidate that still waits is outdated by this grant.
  const decided = refuseCandidate(state, at);
  if (state.grant === null || sameAccount(state.grant, grant)) {
    return putInForce(
      endAttempt(decided, { outcome: 'in_force', missing: outcome.missing, at }),
      grant,
      facts,
      outcome,
    );
  }
  const candidate = { attemptId: outcome.attemptId, grant, facts, expiresAt: at + CANDIDATE_MS };
  const code = otherInstance ? 'instance_replaced' : 'account_mismatch';
  return { ...endAttempt(decided, { outcome: 'candidate', code, at }), candidate };
}

/** The exchange has ended. An outcome of an attempt that is no longer the present one brings nothing into force. */
export function afterExchange(state: ConnectionState, outcome: ExchangeOutcome, version: number): ConnectionState {
  const { attempt } = state;
  // `repeat` may mean that the candidate is stored and only its proof is missing.
  const maybeStored = outcome.kind !== 'failed' || outcome.stored;
  const awaitedUntil = outcome.kind === 'failed' ? outcome.awaitedUntil : undefined;
  const giveUpLate = (next: ConnectionState): ConnectionState =>
    awaitedUntil === undefined ? next : awaitToRevoke(next, version, outcome.at, awaitedUntil);
  if (attempt === null || attempt.attemptId !== outcome.attemptId)
    return maybeStored ? retireVersion(state, version, true, outcome.at) : giveUpLate(state);
  if (outcome.kind === 'granted') return afterGranted(state, outcome);
  if (outcome.kind === 'repeat' && attempt.tries + 1 < EXCHANGE_TRIES) {
    const notBefore = outcome.at + backOffMs(attempt.tries, outcome.jitter, outcome.retryAfterMs);
    return { ...state, attempt: { ...attempt, phase: 'answered', tries: attempt.tries + 1, notBefore } };
  }
  const missing = outcome.kind === 'failed' ? outcome.missing : undefined;
  const ended = endAttempt(state, {
    outcome: 'failed',
    code: outcome.code,
    at: outcome.at,
    ...(outcome.evidence && { evidence: outcome.evidence }),
    ...(missing && { missing }),
  });
  return maybeStored ? retireVersion(ended, version, true, outcome.at) : giveUpLate(ended);
}

/** A candidate at another instance than the grant in force, or the last one. */
export const isOtherInstance = ({ grant }: ConnectionState, candidate: Candidate): boolean =>
  grant !== null && grant.instance.id !== candidate.grant.instance.id;

/** A person has decided about the candidate. A decision about any other attempt changes nothing. */
export function afterCandidateDecided(
  state: ConnectionState,
  event: Extract<ConnectionEvent, { type: 'candidateDecided' }>,
): ConnectionState {
  const { candidate } = state;
  if (candidate === null || candidate.attemptId !== event.attemptId) return state;
  if (!event.accept) return refuseCandidate(state, event.at);
  const end: AttemptEnd = { attemptId: event.attemptId, outcome: 'in_force', at: event.at };
  const accepted = putInForce(state, candidate.grant, candidate.facts, { at: event.at, missing: [], satisfied: [] });
  const next = isOtherInstance(state, candidate) ? { ...accepted, instanceSince: event.at } : accepted;
  return announceAttemptEnds({ ...next, lastAttempt: end }, [end], event.at);
}
