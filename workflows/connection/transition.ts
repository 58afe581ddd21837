/** The state machine: `(state, event) -> state`, pure. Used by the actor and by the activities that write its projection. */
import type { ReconcileOutcome } from './activities.js';
import {
  afterAttemptAnswered,
  afterAuthorizeAsked,
  afterCandidateDecided,
  afterExchange,
  afterExchangeStarted,
} from './authorizing.js';
import type { ConnectionEvent } from './events.js';
import { kept, numbered } from './happenings.js';
import { afterLateAnswer, afterRefresh, afterRefreshStarted, afterRefreshWished, isUsable } from './refreshing.js';
import { abandonAttempt, afterRetirement, giveUp } from './retiring.js';
import { rebuiltState, type ConnectionState } from './state.js';
import { announceSettings, endAttempt, enterStatus, failedEnd } from './status.js';
import { afterTick } from './time.js';
import { afterVerify, afterVerifyStarted, afterVerifyWished } from './verifying.js';

/**
 * After a rebuild: a newer version in the vault is adopted. If the vault is behind the actor, its newest credential serves only
 * where the app does not rotate; else the one living refresh token is lost (docs/decisions.md, "The projection").
 */
function afterReconciled(found: ConnectionState, outcome: ReconcileOutcome): ConnectionState {
  const state = found.reset ? afterReset(found, outcome) : found;
  const nextVersion = Math.max(state.nextVersion, outcome.highest + 1);
  const next: ConnectionState = { ...state, unreconciled: false, nextVersion };
  if (next.credential === null || !(isUsable(next) || next.status === 'invalid')) return next;
  const { newest } = outcome;
  if (newest !== null && newest.version > next.credential.version) {
    return enterStatus(
      { ...next, credential: newest, refresh: { ...next.refresh, failures: 0, dead: null, ambiguous: null } },
      'connected',
      null,
      outcome.at,
    );
  }
  if (newest !== null && newest.version === next.credential.version) return next;
  if (newest !== null && next.policy.rotates === 'never') return { ...next, credential: newest };
  return enterStatus({ ...next, credential: null }, 'invalid', { code: 'rotation_lost' }, outcome.at);
}

/**
 * An operator has taken the run back: what the store knows is in force, one generation on. What came in since was served before the
 * reset, or was sent again by Temporal: it is dropped with the old state, and whoever waits is answered from the new one.
 */
function afterReset({ reset: _done, ...own }: ConnectionState, { restored }: ReconcileOutcome): ConnectionState {
  return rebuiltState(restored ?? own);
}

function afterAttemptChecked(
  state: ConnectionState,
  event: Extract<ConnectionEvent, { type: 'attemptChecked' }>,
): ConnectionState {
  if (event.answered) return afterAttemptAnswered(state, event.attemptId);
  return state.attempt?.attemptId === event.attemptId
    ? endAttempt(state, failedEnd('attempt_expired', event.at))
    : state;
}

function afterReconfigured(
  state: ConnectionState,
  event: Extract<ConnectionEvent, { type: 'reconfigured' }>,
): ConnectionState {
  const before = state.before ?? { settings: state.settings, appClientId: state.appClientId };
  const next = {
    ...state,
    ...(event.freezes && { before }),
    name: event.name ?? state.name,
    settings: event.settings ?? state.settings,
    appClientId: event.appClientId === undefined ? state.appClientId : event.appClientId,
  };
  return announceSettings(next, event.at);
}

function apply(state: ConnectionState, event: ConnectionEvent): ConnectionState {
  switch (event.type) {
    case 'authorizeAsked':
      return afterAuthorizeAsked(state, event);
    case 'authorizeRequested':
      return { ...state, authorizeRequestedAt: event.at };
    case 'attemptAnswered':
      return afterAttemptAnswered(state, event.attemptId);
    case 'attemptCancelled':
      return state.attempt?.attemptId === event.attemptId
        ? abandonAttempt(state, 'attempt_cancelled', event.at)
        : state;
    case 'attemptChecked':
      return afterAttemptChecked(state, event);
    case 'exchangeStarted':
      return afterExchangeStarted(state);
    case 'exchanged':
      return afterExchange(state, event.outcome, event.version);
    case 'candidateDecided':
      return afterCandidateDecided(state, event);
    case 'refreshWished':
      return afterRefreshWished(state, event);
    case 'lateAnswer':
      return afterLateAnswer(state, event);
    case 'refreshStarted':
      return afterRefreshStarted(state, event.at);
    case 'refreshed':
      return afterRefresh(state, event.outcome);
    case 'verifyWished':
      return afterVerifyWished(state, event);
    case 'verifyStarted':
      return afterVerifyStarted(state);
    case 'verified':
      return afterVerify(state, event.outcome);
    case 'used':
      return { ...state, usedAt: Math.max(state.usedAt ?? 0, event.at) };
    case 'disconnectAsked':
      return state.status === 'disconnected' || state.status === 'deleted'
        ? state
        : giveUp(state, 'disconnected', event.at);
    case 'deleteAsked':
      return state.status === 'deleted' ? state : giveUp(state, 'deleted', event.at);
    case 'retired':
      return afterRetirement(state, event.outcome, event.late);
    case 'reconfigured':
      return afterReconfigured(state, event);
    case 'announced':
      return { ...state, announcements: state.announcements.filter((entry) => entry.sequence !== event.sequence) };
    case 'resetSeen':
      return { ...state, unreconciled: true, reset: { revision: event.revision } };
    case 'reconciled':
      return afterReconciled(state, event.outcome);
    case 'ticked':
      return afterTick(state, event.at);
  }
}

/** Rules may copy a state without changing it; a state is plain JSON with its keys in a fixed order, so texts can be compared. */
const isSame = (a: ConnectionState, b: ConnectionState): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

/** The state after an event. Its revision is raised exactly when something changed. */
export function transition(state: ConnectionState, event: ConnectionEvent): ConnectionState {
  const next = apply(state, event);
  if (isSame(next, state)) return state;
  return kept(state, numbered(state, { ...next, revision: state.revision + 1 }, event), event);
}
