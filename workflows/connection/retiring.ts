/** Giving up credentials: revoked at the app where wished, then destroyed; disconnect and delete. */
import type { RetireOutcome } from './activities.js';
import type { ErrorCode } from '#domain/errors.js';
import type { Frozen } from '#domain/frozen.js';
import type { AttemptEnd, ConnectionState, Retired } from './state.js';
import { announceAttemptEnds, backOffMs, endAttempt, enterStatus, failedEnd } from './status.js';

/** A failed revocation is repeated for a day, with the credential kept for that alone. */
export const REVOKE_FOR_MS = 24 * 3_600_000;

/** L + R at their longest (30 s + 60 s, which the worker's settings cannot exceed): after this no request with an old credential is under way. */
export const SETTLE_MS = 90_000;

/** Gives up one version: its document is revoked (if wished) and destroyed by the next retirement. */
export function retireVersion(
  state: ConnectionState,
  version: number,
  revoke: boolean,
  at: number,
  frozen?: Frozen,
): ConnectionState {
  if (version <= 0) return state;
  const retired = {
    fromVersion: version,
    toVersion: version,
    revoke,
    notBefore: at,
    until: at + REVOKE_FOR_MS,
    tries: 0,
    ...(frozen && { appClientId: frozen.appClientId }),
  };
  return { ...state, retired: [...state.retired, retired] };
}

/** Gives up the credential in force together with its predecessors that the vault may still hold. */
export function retireCredential(state: ConnectionState, revoke: boolean, at: number): ConnectionState {
  if (state.credential === null) return state;
  const { version } = state.credential;
  const retired = {
    fromVersion: Math.min(state.keptFrom, version),
    toVersion: version,
    revoke,
    notBefore: at,
    until: at + REVOKE_FOR_MS,
    tries: 0,
    ...(state.refresh.dead !== null && { dead: state.refresh.dead.code }),
    ...(state.credential.frozen && { appClientId: state.credential.frozen.appClientId }),
    ...(state.gap && { gap: state.gap }),
  };
  return { ...state, credential: null, retired: [...state.retired, retired] };
}

/**
 * Ends the open attempt from outside. Between two tries of its exchange its candidate may be stored already and lacks only its
 * proof: it is given up too. While a try is under way, its outcome sees to that.
 */
export function abandonAttempt(state: ConnectionState, code: ErrorCode, at: number): ConnectionState {
  if (state.attempt === null) return state;
  const { phase, version } = state.attempt;
  const ended = endAttempt(state, failedEnd(code, at));
  return phase === 'answered' ? retireVersion(ended, version, true, at) : ended;
}

/** Refuses the waiting candidate: revoked and destroyed, the old grant stays in force; its attempt's document is told. */
export function refuseCandidate(state: ConnectionState, at: number): ConnectionState {
  if (state.candidate === null) return state;
  const { facts } = state.candidate;
  const refused = retireVersion({ ...state, candidate: null }, facts.version, true, at, facts.frozen);
  const end: AttemptEnd = { attemptId: state.candidate.attemptId, ...failedEnd('candidate_refused', at) };
  return announceAttemptEnds({ ...refused, lastAttempt: end }, [end], at);
}

/** A user gives the connection up: no more leases from this moment, revoked at once, settings and identity kept. */
export function giveUp(state: ConnectionState, to: 'disconnected' | 'deleted', at: number): ConnectionState {
  const quiet = abandonAttempt(refuseCandidate(state, at), 'attempt_cancelled', at);
  const left = retireCredential(quiet, true, at);
  // A renewal that failed may have stored its answer and died before it could say so: one look into the vault finds what else is to be revoked.
  const unsure =
    state.credential !== null &&
    state.refresh.underWay === 0 &&
    (state.refresh.failures > 0 || state.refresh.dead !== null);
  const look = unsure ? { by: 'system' as const, rejectedVersion: 0, adoptOnly: true } : null;
  const cleared: ConnectionState = {
    ...left,
    refresh: {
      ...left.refresh,
      failures: 0,
      notBefore: 0,
      ambiguous: null,
      dead: null,
      wish: look,
      late: state.refresh.underWay !== 0,
    },
    verify: { ...left.verify, wish: null },
    authorizeRequestedAt: null,
    settledAt: at + SETTLE_MS,
  };
  const code = to === 'deleted' ? 'connection_deleted' : 'connection_disconnected';
  return enterStatus(cleared, to, { code }, at);
}

/** What a person must know who gave a connection up: the app may still honour it. */
const UNREVOKED = {
  appCode: 'revocation_unknown',
  appMessage: 'The app could not be told to end this authorization, or its answer was lost. End it in the app as well.',
};

/** Shown as the evidence of the end; a connection that lives on by another grant has its own reasons to show. */
function admitUnrevoked(state: ConnectionState, at: number): ConnectionState {
  if (state.reason === null || (state.status !== 'disconnected' && state.status !== 'deleted')) return state;
  return { ...state, reason: { ...state.reason, evidence: { at, ...UNREVOKED } } };
}

/** What a retirement that begins now has heard of, for its end. */
export const knownLate = ({ late }: Retired): { late?: number } => (late === undefined ? {} : { late });

/** A retirement has ended: done, to go on with a version of its own, or to be repeated with growing pauses. */
export function afterRetirement(state: ConnectionState, outcome: RetireOutcome, late = 0): ConnectionState {
  const same = (entry: { fromVersion: number; toVersion: number }): boolean =>
    entry.fromVersion === outcome.fromVersion && entry.toVersion === outcome.toVersion;
  if (outcome.kind === 'destroyed') {
    // An answer that came meanwhile may have been stored after the look into the vault.
    const isNews = (entry: Retired): boolean => (entry.late ?? 0) > late;
    const next = { ...state, retired: state.retired.filter((entry) => !same(entry) || isNews(entry)) };
    return outcome.unrevoked ? admitUnrevoked(next, outcome.at) : next;
  }
  if (outcome.kind === 'renew') {
    const renewals = (entry: Retired): number[] => [...(entry.renewals ?? []), state.nextVersion];
    const retired = state.retired.map((entry) => (same(entry) ? { ...entry, renewals: renewals(entry) } : entry));
    return { ...state, nextVersion: state.nextVersion + 1, retired };
  }
  return {
    ...state,
    retired: state.retired.map((entry) =>
      same(entry)
        ? { ...entry, tries: entry.tries + 1, notBefore: outcome.at + 5 * backOffMs(entry.tries, outcome.jitter) }
        : entry,
    ),
  };
}
