/** Names and shapes of every message of the connection actor. Imported by both sides; the wire names are camelCase and final. */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { ErrorCode, Evidence } from '#domain/errors.js';
import type { MissingRequirement } from '#domain/grant.js';
import type { Sender, ConnectionStatus, Lease } from '#domain/lease.js';
import type { RefreshPolicy } from '#domain/refresh-policy.js';
import type { AttemptEnd, Candidate, ConnectionState, OpenAttempt, Proof } from './state.js';

export const CONNECTION_WORKFLOW = 'connectionWorkflow';

export interface AuthorizeInput {
  attemptId: string;
  /** By the sender's clock: counts only where `lifetimeMs` is absent (senders of older builds). */
  expiresAt: number;
  /** So long the attempt may take from now on, by Temporal's clock. */
  lifetimeMs?: number;
  by: Sender;
  /** The connector's present policy; refreshed with every attempt. */
  policy?: RefreshPolicy;
}
export interface RefreshUpdateInput {
  by: Sender;
  seenVersion: number;
  /** So long the caller has waited already, by its own monotonic clock: a version obtained since it asked serves it. */
  waitedMs?: number;
  /** From gateways of older builds, by their own wall clock. */
  askedAt?: number;
}
export interface EnsureFreshInput {
  seenVersion: number;
  by: Sender;
  /** True when the app rejected `seenVersion`; false when it only comes to its end. */
  rejected: boolean;
}
export interface VerifyInput {
  by: Sender;
  /** Count of the last proof that the caller has seen: a later one answers at once. */
  seenProof: number;
  /** Requirement keys to be looked at besides those of parked steps. */
  requirements: string[];
}
export interface ReconfigureInput {
  name?: string;
  settings?: Record<string, string>;
  appClientId?: string | null;
}

/** The whole visible state: no secret, safe for screens. */
export interface ConnectionView {
  workspaceId: string;
  connectionId: string;
  app: string;
  name: string;
  generation: number;
  revision: number;
  status: ConnectionStatus;
  since: number;
  reason: { code: ErrorCode; text: string; evidence?: Evidence } | null;
  /** A sentence: what happens or is to be done next. */
  nextStep: string;
  settings: Record<string, string>;
  appClientId: string | null;
  /** What the grant in force lives by; null = there is none. */
  authorizedWith: { settings: Record<string, string>; appClientId: string | null } | null;
  version: number;
  account: { id: string; label: string } | null;
  instance: { id: string; url: string; label: string } | null;
  scopes: string[];
  consentedAt: number | null;
  obtainedAt: number | null;
  accessExpiresAt: number | null;
  proof: Proof | null;
  /** Counts finished verifications (the `seenProof` of a verify message). */
  proofCount: number;
  /** Why the last verification gave no proof (the app did not answer); null = it did. */
  verifyTrouble: { code: ErrorCode; at: number; evidence?: Evidence } | null;
  attempt: OpenAttempt | null;
  lastAttempt: AttemptEnd | null;
  candidate: Candidate | null;
  usedAt: number | null;
  settledAt: number | null;
  refreshFailures: number;
  refreshNotBefore: number;
  forecast: Forecast;
}

/** What dies when, and what will be done about it. */
export interface Forecast {
  accessTokenEnds: number | null;
  grantEnds: number | null;
  nextRefreshAt: number | null;
  text: string;
}

export interface ConnectionMetadata {
  app: string;
  account: { id: string; label: string } | null;
  instance: { id: string; url: string; label: string } | null;
  scopes: string[];
  missing: MissingRequirement[];
  health: { status: ConnectionStatus; since: number; code: ErrorCode | null; verifiedAt: number | null };
  forecast: Forecast;
}

// Signals; `authorize`, `refresh` and `verify` may also be sent from the Temporal Web UI, with or without input.
export const authorizeSignal = defineSignal<[Partial<AuthorizeInput>?]>('authorize');
export const refreshSignal = defineSignal<[{ by?: Sender; seenVersion?: number }?]>('refresh');
export const verifySignal = defineSignal<[{ by?: Sender; requirements?: string[] }?]>('verify');
export const attemptAnsweredSignal = defineSignal<[{ attemptId: string }]>('attemptAnswered');
export const usedSignal = defineSignal<[{ at: number }]>('used');
export const rollSignal = defineSignal('roll');
/**
 * A late answer has filled an empty version in the vault. `attemptId`: of the grant that it belongs to, where that is not the one in
 * force (the answer to a code, or to a renewal for a revocation).
 */
export const lateAnswerSignal = defineSignal<[{ version: number; attemptId?: string }]>('lateAnswer');

// Updates, for callers who wait. Update ids: see docs/decisions.md.
export const authorizeUpdate = defineUpdate<ConnectionView, [AuthorizeInput]>('authorize');
export const refreshUpdate = defineUpdate<ConnectionView, [RefreshUpdateInput]>('refresh');
export const verifyUpdate = defineUpdate<ConnectionView, [VerifyInput]>('verify');
/** Answers with the lease after the renewal (or at once when a newer version is there). */
export const ensureFreshUpdate = defineUpdate<Lease, [EnsureFreshInput]>('ensureFresh');
export const decideCandidateUpdate = defineUpdate<ConnectionView, [{ attemptId: string; accept: boolean }]>(
  'decideCandidate',
);
export const cancelAttemptUpdate = defineUpdate<ConnectionView, [{ attemptId: string }]>('cancelAttempt');
export const disconnectUpdate = defineUpdate<ConnectionView, [{ by: Sender }]>('disconnect');
export const deleteUpdate = defineUpdate<ConnectionView, [{ by: Sender }]>('delete');
export const reconfigureUpdate = defineUpdate<ConnectionView, [ReconfigureInput]>('reconfigure');

// Queries: never a secret, never a clock.
export const credentialsQuery = defineQuery<Lease>('credentials');
export const metadataQuery = defineQuery<ConnectionMetadata>('metadata');
export const statusQuery = defineQuery<ConnectionView>('status');

/** Argument of the workflow. */
export interface ConnectionWorkflowInput {
  state: ConnectionState;
}
