/** Renewals. The actor allots versions; what the vault and the app said comes back as an outcome (docs/decisions.md, "Rotation"). */
import type { ErrorCode, Evidence } from '#domain/errors.js';
import type { ConnectionEvent } from './events.js';
import type { RefreshOutcome } from './activities.js';
import type { ConnectionState, Reason } from './state.js';
import { gapAfter, lookedFrom } from './gap.js';
import { afterLateStranger, retireLate } from './late-stranger.js';
import { retireVersion } from './retiring.js';
import { backOffMs, enterStatus } from './status.js';

/** Pause after a failure that only an operator can mend. */
const OPERATOR_PAUSE_MS = 60_000;
/** "Near its end": an ambiguous renewal is repeated so long before the access token ends. */
const NEAR_END_MS = 30_000;
/** Where the end is unknown, an ambiguous renewal is repeated by itself after this time; a rejection repeats it at once. */
const AMBIGUOUS_UNKNOWN_END_MS = 3_600_000;

type Ambiguous = Extract<RefreshOutcome, { kind: 'ambiguous' }>;

export const isUsable = (state: ConnectionState): boolean =>
  state.status === 'connected' || state.status === 'degraded';

/** A renewal may be tried at all: there is a refresh token that is not known to be dead. */
export const isRenewable = (state: ConnectionState): boolean =>
  state.credential !== null && state.credential.hasRefreshToken && state.refresh.dead === null;

/** The access token has come to its known end. */
export const hasEnded = (state: ConnectionState, at: number): boolean =>
  state.credential !== null && state.credential.accessExpiresAt !== null && state.credential.accessExpiresAt <= at;

/** The app has refused the version in force: there is nothing left to serve until its renewal has an answer. */
export const isRejected = (state: ConnectionState, wish = state.refresh.wish): boolean =>
  state.credential !== null && wish?.rejectedVersion === state.credential.version;

/**
 * The present access token is worth sparing: it lives, and nobody reported it rejected. Near its end there is nothing left to lose,
 * so an ambiguous renewal may be repeated; where the end is unknown, after an hour.
 */
export function servesOn(state: ConnectionState, at: number): boolean {
  const { credential, refresh } = state;
  if (credential === null || isRejected(state)) return false;
  if (credential.accessExpiresAt !== null) return credential.accessExpiresAt - NEAR_END_MS > at;
  return refresh.ambiguous === null || at - refresh.ambiguous.at < AMBIGUOUS_UNKNOWN_END_MS;
}

/** A wish to renew. In `invalid` only a late answer or a person may cause anything (promise 7). */
export function afterRefreshWished(
  state: ConnectionState,
  event: Extract<ConnectionEvent, { type: 'refreshWished' }>,
): ConnectionState {
  const allowed = event.adoptOnly || (isRenewable(state) && (isUsable(state) || event.by === 'person'));
  if (!allowed) return state;
  if (state.refresh.underWay !== 0)
    return event.adoptOnly ? { ...state, refresh: { ...state.refresh, late: true } } : state;
  const before = state.refresh.wish;
  const wish = {
    by: before?.by === 'person' ? before.by : event.by,
    rejectedVersion: Math.max(before?.rejectedVersion ?? 0, event.rejectedVersion),
    adoptOnly: event.adoptOnly && (before?.adoptOnly ?? true),
  };
  // A person who presses Refresh does not wait for the back-off; and a token that proves rejected is no longer spared.
  const isNews = isRejected(state, wish) && !isRejected(state);
  const notBefore = event.by === 'person' ? 0 : isNews ? repeatedAt(state) : state.refresh.notBefore;
  return { ...state, refresh: { ...state.refresh, wish, notBefore } };
}

/**
 * A late answer was stored. A newer version than the one in force is looked for in the vault. An older one has been overtaken: it
 * is never served, and goes with the others that are no longer needed. Of a grant that was given up it is given up too.
 */
export function afterLateAnswer(
  state: ConnectionState,
  event: Extract<ConnectionEvent, { type: 'lateAnswer' }>,
): ConnectionState {
  const { at, version } = event;
  if (event.attemptId !== undefined) return afterLateStranger(state, event);
  // Nothing of a grant that was given up may stay. A look for the newest version would pass over one that is older than another late one.
  if (isGivenUp(state) && state.paced)
    return event.stays ? retireLate(state, event) : retireVersion(state, version, true, at);
  if (state.credential === null || version > state.credential.version) {
    const look = { type: 'refreshWished', at, by: 'system', rejectedVersion: 0, adoptOnly: true } as const;
    const next = afterRefreshWished(withLate(state, version), look);
    return event.atOnce ? lookAtOnce(next) : next;
  }
  // Versions begin with 1, and whatever destroys them goes through them one by one.
  const from = Math.max(1, Math.ceil(version));
  return from < state.keptFrom ? { ...state, keptFrom: from } : state;
}

const isGivenUp = ({ status, credential }: ConnectionState): boolean =>
  credential === null && (status === 'disconnected' || status === 'deleted');

/** A version that was thought to stay empty holds an answer: the look must not pass over it. */
function withLate(state: ConnectionState, version: number): ConnectionState {
  const { looked } = state.refresh;
  if (looked === undefined || version <= looked.base || version > looked.through || looked.open.includes(version))
    return state;
  const open = [...looked.open, version].sort((a, b) => a - b);
  return { ...state, refresh: { ...state.refresh, looked: { ...looked, open } } };
}

/** A renewal that waits for this answer need not wait any longer: it looks into the vault before it would ask the app. */
function lookAtOnce(state: ConnectionState): ConnectionState {
  const { wish, ambiguous } = state.refresh;
  if (wish === null || wish.adoptOnly || ambiguous === null) return state;
  const { until: _, ...lost } = ambiguous;
  return { ...state, refresh: { ...state.refresh, notBefore: 0, ambiguous: lost } };
}

/** When the renewal of a token is tried that was spared until now: an ambiguous one not before its answer can no longer come. */
function repeatedAt({ refresh }: ConnectionState): number {
  return refresh.ambiguous === null ? refresh.notBefore : Math.min(refresh.notBefore, refresh.ambiguous.until ?? 0);
}

/** Allots the version of the renewal. */
export function afterRefreshStarted(state: ConnectionState, at: number): ConnectionState {
  const adoptOnly = state.refresh.wish?.adoptOnly ?? false;
  const underWay = adoptOnly ? Math.max(1, state.nextVersion - 1) : state.nextVersion;
  return {
    ...state,
    nextVersion: underWay + 1,
    refresh: {
      ...state.refresh,
      underWay,
      underWayFor: state.grant?.grantId ?? null,
      ...(state.paced && !adoptOnly && { begunAt: at }),
    },
  };
}

/** A failed renewal also ends a verification that waited for it: its caller must not wait for ever. */
function dropWaitingVerify(
  state: ConnectionState,
  { code, at, evidence }: { code: ErrorCode; at: number; evidence?: Evidence },
): ConnectionState {
  if (state.verify.wish === null) return state;
  return {
    ...state,
    verify: {
      ...state.verify,
      wish: null,
      rounds: state.verify.rounds + 1,
      trouble: { code, at, ...(evidence && { evidence }) },
    },
  };
}

function afterRenewed(state: ConnectionState, outcome: Extract<RefreshOutcome, { kind: 'renewed' }>): ConnectionState {
  const { facts } = outcome;
  if (state.grant === null || (state.credential !== null && state.credential.version >= facts.version)) return state;
  const { looked, ...refresh } = state.refresh;
  const base = state.credential?.version ?? 0;
  const gap = gapAfter(looked, base, facts.version) ?? state.gap;
  const known = lookedFrom(looked, base, facts.version);
  const renewed: ConnectionState = {
    ...state,
    ...(gap && { gap }),
    grant: {
      ...state.grant,
      scopes: facts.scopes,
      instance: { ...state.grant.instance, url: facts.instanceUrl || state.grant.instance.url },
    },
    credential: facts,
    keptFrom: outcome.destroyedBelow ?? state.keptFrom,
    refresh: {
      ...refresh,
      failures: 0,
      notBefore: 0,
      ambiguous: null,
      dead: null,
      wish: null,
      ...(known && { looked: known }),
    },
  };
  return enterStatus(renewed, 'connected', null, outcome.at);
}

function afterFailing(
  state: ConnectionState,
  reason: Reason,
  notBefore: number,
  ambiguous: ConnectionState['refresh']['ambiguous'],
  at: number,
): ConnectionState {
  const refresh = { ...state.refresh, failures: state.refresh.failures + 1, notBefore, ambiguous };
  if (isUsable(state)) return enterStatus({ ...state, refresh }, 'degraded', reason, at);
  // In `invalid` a person had asked, and is answered: nothing is repeated by itself (promise 7). A look into the vault is no call.
  return { ...state, refresh: { ...refresh, wish: refresh.wish?.adoptOnly ? refresh.wish : null } };
}

/** We were too slow to send: repeated with pauses, but it tells nothing of the app, so nobody is shown a trouble of the connection. */
function afterNotSent(
  state: ConnectionState,
  outcome: Extract<RefreshOutcome, { kind: 'transient' }>,
): ConnectionState {
  const { refresh } = state;
  const notBefore = outcome.at + backOffMs(refresh.failures, outcome.jitter, outcome.retryAfterMs);
  const wish = isUsable(state) || refresh.wish?.adoptOnly ? refresh.wish : null;
  return { ...state, refresh: { ...refresh, failures: refresh.failures + 1, notBefore, wish } };
}

function afterDead(state: ConnectionState, outcome: Extract<RefreshOutcome, { kind: 'dead' }>): ConnectionState {
  const reason: Reason = { code: outcome.code, ...(outcome.evidence && { evidence: outcome.evidence }) };
  const { credential, refresh } = state;
  const serves = isUsable(state) && credential !== null && !isRejected(state) && !hasEnded(state, outcome.at);
  const next = { ...state, refresh: { ...refresh, dead: reason, wish: null, ambiguous: null, notBefore: 0 } };
  return enterStatus(next, serves ? 'degraded' : 'invalid', reason, outcome.at);
}

/** Another request with the same token is under way at the app. That is over in moments, and the first times nobody is told of it. */
const BUSY_LONGEST_MS = 30_000;
const BUSY_UNTOLD = 3;

type Transient = Extract<RefreshOutcome, { kind: 'transient' }>;

const isBrieflyBusy = (state: ConnectionState, outcome: Transient): boolean =>
  outcome.code === 'connection_busy' && state.refresh.failures < BUSY_UNTOLD;

function pauseAfter({ code, jitter, retryAfterMs }: Transient, failures: number): number {
  const pause = backOffMs(failures, jitter, retryAfterMs);
  return code === 'connection_busy' ? Math.max(Math.min(pause, BUSY_LONGEST_MS), retryAfterMs ?? 0) : pause;
}

/** When the ambiguous renewal of a rejected token is repeated; undefined in runs of older builds, which did so only when asked. */
function rejectedAgainAt(state: ConnectionState, outcome: Ambiguous): number | undefined {
  if (outcome.repeatAt !== undefined || !outcome.rejectedIsRepeated) return outcome.repeatAt;
  return outcome.at + backOffMs(state.refresh.failures, outcome.jitter);
}

/** When an ambiguous renewal is repeated by itself. */
function repeatAmbiguousAt(state: ConnectionState, at: number): number {
  const end = state.credential?.accessExpiresAt ?? null;
  return end === null ? at + AMBIGUOUS_UNKNOWN_END_MS : Math.max(at + 1_000, end - NEAR_END_MS);
}

/** The renewal has ended: every caller that waited for this round is answered. */
export function afterRefresh(before: ConnectionState, outcome: RefreshOutcome): ConnectionState {
  const { underWayFor } = before.refresh;
  const state: ConnectionState = {
    ...before,
    refresh: { ...before.refresh, underWay: 0, underWayFor: null, late: false, rounds: before.refresh.rounds + 1 },
  };
  if (outcome.looked) state.refresh.looked = outcome.looked;
  const inForce = state.grant?.grantId === underWayFor && (isUsable(state) || state.status === 'invalid');
  const next = inForce ? afterRenewalInForce(state, outcome) : afterOutlived(state, outcome);
  if (!before.refresh.late || outcome.kind === 'renewed') return next;
  return { ...next, refresh: { ...next.refresh, wish: { by: 'system', rejectedVersion: 0, adoptOnly: true } } };
}

/** The grant was given up or swapped while its renewal was under way: what that brought is given up, never served; it judges nothing. */
function afterOutlived(state: ConnectionState, outcome: RefreshOutcome): ConnectionState {
  const next = {
    ...state,
    refresh: { ...state.refresh, wish: outcome.kind === 'transient' ? state.refresh.wish : null },
  };
  if (outcome.kind !== 'renewed') return next;
  const givenUp = state.status === 'disconnected' || state.status === 'deleted';
  return retireVersion(next, outcome.facts.version, givenUp || state.policy.revokeOldGrantAfterSwap, outcome.at);
}

function afterRenewalInForce(state: ConnectionState, outcome: RefreshOutcome): ConnectionState {
  switch (outcome.kind) {
    case 'renewed':
      return afterRenewed(state, outcome);
    case 'nothing':
      return { ...state, refresh: { ...state.refresh, wish: null } };
    case 'dead':
      return dropWaitingVerify(afterDead(state, outcome), outcome);
    case 'ambiguous': {
      const { repeatAt } = outcome;
      const { wish } = state.refresh;
      // A rejected token is not served on: its renewal is repeated as soon as no answer is waited for. The lease tells this moment too.
      const again = isRejected(state) ? rejectedAgainAt(state, outcome) : undefined;
      const waiting = { ...state, refresh: { ...state.refresh, wish: again === undefined ? null : wish } };
      const notBefore = again ?? Math.max(repeatAmbiguousAt(state, outcome.at), repeatAt ?? 0);
      const ambiguous = {
        version: outcome.version,
        at: outcome.sentAt,
        ...(repeatAt !== undefined && { until: repeatAt }),
      };
      return dropWaitingVerify(afterFailing(waiting, { code: 'renewal_ambiguous' }, notBefore, ambiguous, outcome.at), {
        code: 'renewal_ambiguous',
        at: outcome.at,
      });
    }
    case 'transient':
    case 'operator': {
      if (outcome.kind === 'transient' && (outcome.notSent || isBrieflyBusy(state, outcome)))
        return dropWaitingVerify(afterNotSent(state, outcome), outcome);
      const pause =
        outcome.kind === 'operator'
          ? OPERATOR_PAUSE_MS * (0.5 + outcome.jitter)
          : pauseAfter(outcome, state.refresh.failures);
      const reason: Reason = { code: outcome.code, ...(outcome.evidence && { evidence: outcome.evidence }) };
      const notBefore = outcome.at + Math.round(pause);
      return dropWaitingVerify(afterFailing(state, reason, notBefore, state.refresh.ambiguous, outcome.at), outcome);
    }
  }
}
