/**
 * The port: what the actor asks of the world. The worker implements it; nothing here holds a secret.
 * Every outcome carries `at` (epoch ms) and, where a pause follows, `jitter` (0..1), so that the transition is a pure
 * function of state and outcome: the activity applies it too and writes the projection in the same breath.
 */
import type { ErrorCode, Evidence } from '#domain/errors.js';
import type { CredentialFacts, Grant, MissingRequirement } from '#domain/grant.js';
import type { Looked } from './looked.js';
import type { Announcement, ConnectionState, Retired } from './state.js';

/** What spends a token or a code is done in the run that asked for it, or not at all. Absent = from a run of an older build. */
interface OfRun {
  runId?: string;
}

export interface ExchangeInput extends OfRun {
  state: ConnectionState;
  attemptId: string;
  version: number;
}

export type ExchangeOutcome = { at: number; jitter: number; attemptId: string } & (
  | {
      kind: 'granted';
      grant: Grant;
      facts: CredentialFacts;
      missing: MissingRequirement[];
      satisfied: string[];
      /** Another instance at the same host, the same user, and the old instance is gone from there: a person decides. */
      replaces?: true;
    }
  | {
      kind: 'failed';
      code: ErrorCode;
      evidence?: Evidence;
      missing?: MissingRequirement[];
      /** A stored candidate that must be revoked. */ stored: boolean;
      /** The answer to the code may still come until then, and be stored: it is revoked. Absent = none is waited for. */
      awaitedUntil?: number;
    }
  | { kind: 'repeat'; code: ErrorCode; retryAfterMs?: number; evidence?: Evidence }
);

export interface RefreshInput extends OfRun {
  state: ConnectionState;
  /** The allotted version. */
  version: number;
  /** The token request goes out so soon after this try was known to be the one that counts, or never: a worker that was paused stays silent. */
  sendWithinMs: number;
  /** The present access token is worth sparing (`servesOn`): it is not near its end and nobody reported it rejected. */
  accessAlive: boolean;
  adoptOnly: boolean;
}

export type RefreshOutcome = {
  at: number;
  jitter: number;
  version: number;
  looked?: Looked;
  /** The event log did not take it: the next announcement brings it. */
  untold?: true;
} & (
  | {
      kind: 'renewed';
      facts: CredentialFacts;
      /** Found in the vault: no call was made. */ adopted: boolean;
      /** Every version below this one is destroyed; null = they may still be there. */ destroyedBelow: number | null;
    }
  | { kind: 'nothing' }
  | {
      kind: 'transient';
      code: ErrorCode;
      retryAfterMs?: number;
      evidence?: Evidence;
      /** We were too slow: the token endpoint was not asked, and nothing is known of it. */ notSent?: true;
    }
  | {
      kind: 'ambiguous';
      sentAt: number;
      /** Until then the answer may still come. */
      repeatAt?: number;
      /** Set by the actor: this build repeats the renewal of a rejected token by itself, also where no answer is waited for. */
      rejectedIsRepeated?: boolean;
    }
  | { kind: 'dead'; code: 'grant_revoked' | 'rotation_lost' | 'no_refresh_token'; evidence?: Evidence }
  | { kind: 'operator'; code: ErrorCode; evidence?: Evidence }
);

export interface VerifyActivityInput {
  state: ConnectionState;
  requirements: string[];
}

export type VerifyOutcome = { at: number; jitter: number; version: number; untold?: true } & (
  | {
      kind: 'answered';
      accepted: boolean;
      account?: { id: string; label: string };
      instance?: { id: string; url: string; label: string };
      missing: MissingRequirement[];
      satisfied: string[];
      evidence?: Evidence;
      /** Not accepted, but the app issued it a moment ago: no evidence yet. Absent = it is (also from workers of older builds). */
      settles?: true;
    }
  | { kind: 'unanswered'; code: ErrorCode; retryAfterMs?: number; evidence?: Evidence }
);

export interface RetireInput {
  state: ConnectionState;
  retired: Retired;
}

export type RetireOutcome = {
  at: number;
  jitter: number;
  fromVersion: number;
  toVersion: number;
  /** `renew`: the app wants a living access token first; a version is to be allotted for it. */
  kind: 'destroyed' | 'repeat' | 'renew';
  /** Destroyed, but nobody knows whether the app still honours the grant. */
  unrevoked?: boolean;
};

/** What the vault and the intents say after a rebuild. */
export interface ReconcileOutcome {
  at: number;
  /** The newest version of the grant that the vault holds; null = none at all. */
  newest: CredentialFacts | null;
  /** The highest version that any document names. */
  highest: number;
  /** After a reset: the state that the store knows, newer than the point to which the run was taken back. */
  restored?: ConnectionState;
}

export interface ConnectionActivities {
  /** Opens code and verifier, exchanges, verifies, stores the candidate under `version`. */
  exchange(input: ExchangeInput): Promise<ExchangeOutcome>;
  /** Reads the attempt's document before it is given up; closes it when nobody answered. */
  checkAttempt(input: { state: ConnectionState; attemptId: string }): Promise<{ at: number; answered: boolean }>;
  /** The rotation protocol of docs/connection.md. */
  refresh(input: RefreshInput): Promise<RefreshOutcome>;
  verify(input: VerifyActivityInput): Promise<VerifyOutcome>;
  /** Revokes at the app (if wished) and destroys the sealed documents. */
  retire(input: RetireInput): Promise<RetireOutcome>;
  /**
   * Tells people (once) and wakes parked jobs at a shaped rate; closes attempt documents. Heartbeats.
   * @returns How far the event log is told; workers of older builds return nothing.
   */
  announce(input: {
    state: ConnectionState;
    announcement: Announcement;
  }): Promise<{ toldThrough: number | null } | void>;
  reconcile(input: { state: ConnectionState }): Promise<ReconcileOutcome>;
}
