/** Connection states for tests: one of each status, made by events, never written by hand. */
import type { CredentialFacts, Grant } from '#domain/grant.js';
import type { ConnectionStatus } from '#domain/lease.js';
import type { RefreshPolicy } from '#domain/refresh-policy.js';
import type { ConnectionEvent } from '#workflows/connection/events.js';
import { bornState, type ConnectionState } from '#workflows/connection/state.js';
import { transition } from '#workflows/connection/transition.js';

/** The moment at which the states below stand. */
export const NOW = Date.UTC(2026, 0, 2, 12);
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const STRICT_POLICY: RefreshPolicy = {
  rotates: 'always',
  graceMs: 0,
  reuse: 'kills_family',
  accessTokenLifetimeMs: HOUR,
  refreshTokenIdleMs: 30 * DAY,
  grantLifetimeMs: null,
  earliestUsefulRefreshMs: 5_000,
  marginMs: 5 * MINUTE,
  oldAccessTokenDies: false,
  revokeOldGrantAfterSwap: true,
};

export function grantOf(part: Partial<Grant> & { grantId: string }): Grant {
  return {
    account: { id: 'user-1', label: 'ann@example.org' },
    instance: { id: 'org-1', url: 'https://one.example.org', label: 'One' },
    scopes: ['api', 'refresh_token'],
    consentedAt: NOW,
    ...part,
  };
}

export function factsOf(part: Partial<CredentialFacts> & { version: number; grantId: string }): CredentialFacts {
  return {
    obtainedAt: NOW,
    accessExpiresAt: NOW + HOUR,
    hasRefreshToken: true,
    refreshExpiresAt: NOW + 30 * DAY,
    scopes: ['api', 'refresh_token'],
    instanceUrl: 'https://one.example.org',
    refreshed: false,
    ...part,
  };
}

/** Applies events one after the other. */
export const after = (state: ConnectionState, ...events: ConnectionEvent[]): ConnectionState =>
  events.reduce(transition, state);

export const draft = (policy: Partial<RefreshPolicy> = {}): ConnectionState =>
  bornState({
    workspaceId: 'ws_test',
    connectionId: 'con_test',
    app: 'salesforce',
    name: 'Test',
    settings: {},
    appClientId: 'cli_test',
    policy: { ...STRICT_POLICY, ...policy },
    at: NOW - DAY,
  });

/** An attempt whose exchange is under way. */
export function exchanging(state: ConnectionState, attemptId: string, at = NOW): ConnectionState {
  return after(
    state,
    { type: 'authorizeAsked', at, attemptId, expiresAt: at + 15 * MINUTE, by: 'person' },
    { type: 'attemptAnswered', at, attemptId },
    { type: 'exchangeStarted', at },
  );
}

interface Granted {
  grant?: Partial<Grant>;
  facts?: Partial<CredentialFacts>;
  at?: number;
}

/** The outcome of the exchange under way: the app has granted. */
export function granted(state: ConnectionState, { grant, facts, at = NOW }: Granted = {}): ConnectionEvent {
  if (state.attempt === null) throw new Error('No attempt is open.');
  const { attemptId, version } = state.attempt;
  return {
    type: 'exchanged',
    version,
    outcome: {
      kind: 'granted',
      at,
      jitter: 0,
      attemptId,
      grant: grantOf({ grantId: attemptId, consentedAt: at, ...grant }),
      facts: factsOf({ version, grantId: attemptId, obtainedAt: at, accessExpiresAt: at + HOUR, ...facts }),
      missing: [],
      satisfied: [],
    },
  };
}

/** Authorized as `att_1`, version 1, announcements told. */
export function connected(policy: Partial<RefreshPolicy> = {}, part: Granted = {}): ConnectionState {
  const asked = exchanging(draft(policy), 'att_1');
  return told(after(asked, granted(asked, part)));
}

/** All announcements done. */
export const told = (state: ConnectionState): ConnectionState =>
  state.announcements.reduce((next, { sequence }) => transition(next, { type: 'announced', at: NOW, sequence }), state);

/** A renewal under way, as the actor starts it. */
export const renewing = (state: ConnectionState, at = NOW, rejectedVersion = 0): ConnectionState =>
  after(
    state,
    { type: 'refreshWished', at, by: 'job', rejectedVersion, adoptOnly: false },
    { type: 'refreshStarted', at },
  );

/** The good end of the renewal under way. */
export function renewed(
  state: ConnectionState,
  at = NOW,
  facts: Partial<CredentialFacts> = {},
): Extract<ConnectionEvent, { type: 'refreshed' }> {
  const version = state.refresh.underWay;
  const grantId = state.grant?.grantId ?? 'none';
  return {
    type: 'refreshed',
    outcome: {
      kind: 'renewed',
      at,
      jitter: 0,
      version,
      adopted: false,
      destroyedBelow: state.credential?.version ?? null,
      facts: factsOf({ version, grantId, obtainedAt: at, accessExpiresAt: at + HOUR, refreshed: true, ...facts }),
    },
  };
}

export const transient = (state: ConnectionState, at = NOW): ConnectionEvent => ({
  type: 'refreshed',
  outcome: { kind: 'transient', code: 'token_endpoint_unavailable', at, jitter: 0, version: state.refresh.underWay },
});

export const dead = (state: ConnectionState, at = NOW): ConnectionEvent => ({
  type: 'refreshed',
  outcome: { kind: 'dead', code: 'grant_revoked', at, jitter: 0, version: state.refresh.underWay },
});

/** The answer to a verification of the version in force. */
export const proven = (state: ConnectionState, accepted: boolean, at = NOW): ConnectionEvent => ({
  type: 'verified',
  outcome: {
    kind: 'answered',
    accepted,
    missing: [],
    satisfied: [],
    at,
    jitter: 0,
    version: state.credential?.version ?? 0,
  },
});

/** Invalid by `invalid_grant`, after the app had rejected the access token too. */
export function revoked(policy: Partial<RefreshPolicy> = {}): ConnectionState {
  const under = renewing(connected(policy), NOW, 1);
  return told(after(under, dead(under)));
}

/** Invalid by a rejected credential whose refresh token is not known to be dead. */
export function rejected(): ConnectionState {
  const start = connected({}, { facts: { refreshed: true } });
  return told(
    after(
      start,
      { type: 'verifyWished', at: NOW, by: 'person', requirements: [] },
      { type: 'verifyStarted', at: NOW },
      proven(start, false),
    ),
  );
}

/** A job's wish to renew, unless `part` says otherwise. */
export const refreshWished = (
  part: Partial<Extract<ConnectionEvent, { type: 'refreshWished' }>> = {},
): ConnectionEvent => ({
  type: 'refreshWished',
  at: NOW,
  by: 'job',
  rejectedVersion: 0,
  adoptOnly: false,
  ...part,
});

/** One state of each status. */
export const STATES: Record<ConnectionStatus, () => ConnectionState> = {
  draft: () => draft(),
  connected: () => connected(),
  degraded: () => {
    const under = renewing(connected());
    return told(after(under, transient(under)));
  },
  invalid: () => revoked(),
  disconnected: () => told(after(connected(), { type: 'disconnectAsked', at: NOW, by: 'person' })),
  deleted: () => told(after(connected(), { type: 'deleteAsked', at: NOW, by: 'person' })),
};
