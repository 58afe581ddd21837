/**
 * The state of a connection actor, as one plain JSON value.
 *
 * | status         | entered by                                  | left by                                        | timer it keeps |
 * | -------------- | ------------------------------------------- | ---------------------------------------------- | -------------- |
 * | `draft`        | creation                                    | candidate in force, delete                     | none |
 * | `connected`    | a proven grant                              | failing renewal, loss, disconnect, delete      | renewal (in use), keep-alive (idle) |
 * | `degraded`     | a failing renewal while the token may live  | success, end of the token, loss                | repeat of the renewal, end of the token |
 * | `invalid`      | evidence only (`grant_revoked` …)           | candidate in force, a person's verify          | none |
 * | `disconnected` | a user                                      | candidate in force, delete                     | revocation that failed |
 * | `deleted`      | a user                                      | never: the run ends, a tombstone stays         | revocation that failed |
 *
 * Beside the status stand an open attempt (timer: its end), a candidate that waits for a decision (timer: one hour),
 * and retired credentials that are still to be revoked and destroyed. See docs/connection.md.
 */
import type { ErrorCode, Evidence } from '#domain/errors.js';
import type { Happening } from '#domain/happening.js';
import type { Frozen } from '#domain/frozen.js';
import type { CredentialFacts, Grant, MissingRequirement } from '#domain/grant.js';
import type { Sender, ConnectionStatus } from '#domain/lease.js';
import type { RefreshPolicy } from '#domain/refresh-policy.js';
import type { Looked } from './looked.js';
import type { Gap } from './gap.js';

export const STATE_VERSION = 1;

export interface Reason {
  code: ErrorCode;
  evidence?: Evidence;
}

/** `open`: a link exists; `answered`: the callback came; `exchanging`: its version is allotted and the code may be spent. */
export interface OpenAttempt {
  attemptId: string;
  by: Sender;
  startedAt: number;
  expiresAt: number;
  phase: 'open' | 'answered' | 'exchanging';
  /** Version allotted to its candidate; 0 before. */
  version: number;
  /** Do not repeat the exchange before this moment. */
  notBefore: number;
  tries: number;
}

export interface AttemptEnd {
  attemptId: string;
  outcome: 'in_force' | 'candidate' | 'failed';
  code?: ErrorCode;
  evidence?: Evidence;
  missing?: MissingRequirement[];
  at: number;
}

export interface Candidate {
  attemptId: string;
  grant: Grant;
  facts: CredentialFacts;
  expiresAt: number;
}

/** Credential versions that are given up: revoked at the app if wished, then destroyed. */
export interface Retired {
  fromVersion: number;
  toVersion: number;
  revoke: boolean;
  notBefore: number;
  /** After this moment the credential is destroyed even if the app could not be told. */
  until: number;
  tries: number;
  /** Its refresh token was known to be dead already, for this reason: nothing is renewed to revoke it. Absent = it was not. */
  dead?: ErrorCode;
  /** Versions between that hold nothing; absent = none is known. */
  gap?: Gap;
  /** Versions allotted to renewals that the app asked for before it would revoke; absent = none (also in states of older builds). */
  renewals?: number[];
  /** Late answers of its versions that have been announced; absent = none. A retirement that began before the last one is repeated. */
  late?: number;
  /** The app client that its revocation needs; absent in states of older builds. */
  appClientId?: string | null;
}

/** The last proof: who the credential belongs to and what it may do. */
export interface Proof {
  /** Counts finished verifications; callers name the count that they have seen. */
  count: number;
  at: number;
  accepted: boolean;
  version: number;
  missing: MissingRequirement[];
  /** Requirement keys that were looked at and found. */
  satisfied: string[];
  code?: ErrorCode;
  evidence?: Evidence;
}

export interface VerifyWish {
  by: Sender;
  requirements: string[];
  /** The version that a first verification rejected and that is being renewed for this wish; a rejection of a later one is evidence. 0 = none. */
  renewedFrom: number;
  /** Proofs of a token that was issued a moment ago and is refused; absent = none. */
  proofs?: number;
  /** Not before this moment; absent = at once. */
  notBefore?: number;
}

export interface RefreshWish {
  by: Sender;
  /** The version that the app rejected; 0 = none, the token only comes to its end. */
  rejectedVersion: number;
  /** Only look whether the vault holds a newer version (after a late answer); never call the app. */
  adoptOnly: boolean;
}

/** A change that people or waiting jobs must hear of. */
export interface Announcement {
  sequence: number;
  kind: 'status' | 'rights' | 'attempt' | 'settings';
  from: ConnectionStatus;
  to: ConnectionStatus;
  code: ErrorCode | null;
  /** Wake jobs that wait for the connection. */
  wakeConnection: boolean;
  /** Wake jobs that wait for these requirements. */
  wakeRequirements: string[];
  /** Attempts whose documents are to be closed with their outcome. */
  closeAttempts: AttemptEnd[];
  at: number;
  /** Its number in the event log, and who caused it; absent in announcements of older builds, which are not told there. */
  happening?: number;
  who?: Sender;
}

export interface ConnectionState {
  v: typeof STATE_VERSION;
  workspaceId: string;
  connectionId: string;
  app: string;
  name: string;
  /** Raised each time the actor is rebuilt from its projection. */
  generation: number;
  /** Raised by every event; the projection keeps the highest. */
  revision: number;
  status: ConnectionStatus;
  since: number;
  reason: Reason | null;
  /** As they were set last: they count from the next authorization on (frozen-of.ts). */
  settings: Record<string, string>;
  appClientId: string | null;
  /** What they were before the first change that a build made which freezes: grants of older builds live by it. */
  before?: Frozen;
  policy: RefreshPolicy;
  /** When a person accepted another instance in the place of the old one (sandbox refresh); absent = never. */
  instanceSince?: number;
  grant: Grant | null;
  credential: CredentialFacts | null;
  /** Lowest version that the vault may still hold beside the one in force: it is destroyed with the next renewal, or given up with it. */
  keptFrom: number;
  /** Versions above `keptFrom` that hold nothing; absent = none is known. */
  gap?: Gap;
  /** The next version to allot: no number is given twice. */
  nextVersion: number;
  proof: Proof | null;
  proofCount: number;
  refresh: {
    /** Renewals finished, whatever their outcome: callers wait for the next. */
    rounds: number;
    failures: number;
    notBefore: number;
    /** Version whose answer was lost and the moment it was sent; null = none. `until`: not repeated before that moment, whoever asks. */
    ambiguous: { version: number; at: number; until?: number } | null;
    /** Why the refresh token is known to be dead; null = it is not. */
    dead: Reason | null;
    wish: RefreshWish | null;
    /** Version of the renewal under way; 0 = none. */
    underWay: number;
    /** Grant of the renewal under way: an outcome for a grant that was swapped or given up meanwhile judges nothing. */
    underWayFor: string | null;
    /** A late answer was announced while a renewal was under way: look into the vault after it. */
    late: boolean;
    /** When the last renewal began, by the actor's clock; absent = none since then is known. */
    begunAt?: number;
    /** What is known of the failed tries from the version in force; absent = nothing yet (and in states of older builds). */
    looked?: Looked;
  };
  verify: {
    wish: VerifyWish | null;
    /** The wish that is being served. */
    underWay: VerifyWish | null;
    /** Verifications finished, whatever their outcome: callers wait for the next. */
    rounds: number;
    /** Why the last verification gave no proof (the app did not answer); null = it did. */
    trouble: { code: ErrorCode; at: number; evidence?: Evidence } | null;
  };
  attempt: OpenAttempt | null;
  lastAttempt: AttemptEnd | null;
  /** Asked for by a signal without a link (Temporal Web UI): shown as the next step. */
  authorizeRequestedAt: number | null;
  candidate: Candidate | null;
  retired: Retired[];
  usedAt: number | null;
  /** When no request with a given-up credential can be under way any more (disconnect). */
  settledAt: number | null;
  announcements: Announcement[];
  announcementCount: number;
  /** What has happened so far, counted for the event log; absent = nothing (also in states of older builds). It goes on after a rebuild. */
  happenings?: number;
  /** What could not be written into the event log: the next announcement brings it. Absent = nothing. */
  untold?: Happening[];
  /** True until the vault was compared after a rebuild. */
  unreconciled: boolean;
  /** The run was reset by an operator; `revision`: of the moment to which it was taken back. Absent = it was not, or is reconciled since. */
  reset?: { revision: number };
  /**
   * Renewals are spread by the connection alone, so that the deadline only ever moves later and the running timer is left alone.
   * Absent in runs that began before: they spread by the version too, and their histories hold the re-armed timers.
   */
  evenSpread?: true;
  /** Renewals by time keep a floor between them (`time.ts`). Absent in runs that began before. */
  paced?: true;
}

/** What is needed to give birth to an actor. */
export interface ConnectionBirth {
  workspaceId: string;
  connectionId: string;
  app: string;
  name: string;
  settings: Record<string, string>;
  appClientId: string | null;
  policy: RefreshPolicy;
  at: number;
}

/** The state of a connection that was never authorized. */
export function bornState(birth: ConnectionBirth): ConnectionState {
  return {
    v: STATE_VERSION,
    workspaceId: birth.workspaceId,
    connectionId: birth.connectionId,
    app: birth.app,
    name: birth.name,
    generation: 1,
    revision: 0,
    status: 'draft',
    since: birth.at,
    reason: null,
    settings: birth.settings,
    appClientId: birth.appClientId,
    policy: birth.policy,
    grant: null,
    credential: null,
    keptFrom: 1,
    nextVersion: 1,
    proof: null,
    proofCount: 0,
    refresh: {
      rounds: 0,
      failures: 0,
      notBefore: 0,
      ambiguous: null,
      dead: null,
      wish: null,
      underWay: 0,
      underWayFor: null,
      late: false,
    },
    verify: { wish: null, underWay: null, rounds: 0, trouble: null },
    attempt: null,
    lastAttempt: null,
    authorizeRequestedAt: null,
    candidate: null,
    retired: [],
    usedAt: null,
    settledAt: null,
    announcements: [],
    announcementCount: 0,
    unreconciled: false,
    evenSpread: true,
    paced: true,
  };
}

/**
 * The state with which an actor is started again from its projection: one generation on, nothing under way, and the
 * vault still to be compared (docs/decisions.md, "The projection").
 */
export function rebuiltState(projection: ConnectionState): ConnectionState {
  return {
    ...projection,
    generation: projection.generation + 1,
    refresh: { ...projection.refresh, underWay: 0, underWayFor: null, late: false },
    attempt:
      projection.attempt?.phase === 'exchanging' ? { ...projection.attempt, phase: 'answered' } : projection.attempt,
    // What was to be proven again by itself still is; whoever waited for a proof asks anew.
    verify: {
      ...projection.verify,
      wish: projection.verify.wish?.notBefore ? projection.verify.wish : null,
      underWay: null,
    },
    unreconciled: true,
    evenSpread: true,
    paced: true,
  };
}
