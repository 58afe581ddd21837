/**
 * A lease is the actor's answer to "may I use this connection now?". It never contains a secret.
 * Queries cannot read a clock, so all times are absolute (epoch milliseconds) and the reader compares (docs/decisions.md, "Leases").
 */
import type { ErrorCode } from './errors.js';

export type ConnectionStatus = 'draft' | 'connected' | 'degraded' | 'invalid' | 'disconnected' | 'deleted';

/** Who sends a message. In `invalid` only a person's message may cause a call to the app. */
export type Sender = 'person' | 'job' | 'system';

export interface LeaseYes {
  kind: 'yes';
  status: ConnectionStatus;
  /** Version of the credential in force. */
  version: number;
  /** The attempt that brought this grant; versions of one grant share it. */
  grantId: string;
  generation: number;
  app: string;
  instanceUrl: string;
  instanceId: string;
  /** Since when it is this instance, where a person accepted another one in the place of the old (epoch ms); absent = always. */
  instanceSince?: number;
  accountId: string;
  scopes: string[];
  /** Absolute end of the access token; null = unknown, use it until the app rejects it. */
  goodUntil: number | null;
  /** Do not ask for a renewal before this moment (back-off of a failing token endpoint); 0 = ask at once. */
  refreshNotBefore: number;
  /** Failures in a row: part of the update id of `ensureFresh`, so that a recorded failure is never replayed. */
  failures: number;
  /** What troubles a degraded connection; null when nothing does. */
  trouble: ErrorCode | null;
  /** Settings of the connection that are no secret (subdomain, environment …). */
  settings: Record<string, string>;
}

export interface LeaseNo {
  kind: 'no';
  status: ConnectionStatus;
  code: ErrorCode;
  since: number;
  app: string;
}

export type Lease = LeaseYes | LeaseNo;

/** What the reader does with a lease at a moment. */
export type LeaseVerdict =
  { do: 'use' } | { do: 'refresh' } | { do: 'later'; notBefore: number } | { do: 'park'; code: ErrorCode };

/**
 * Judges a lease by the reader's clock. `skewMs` is taken off the end so that a token does not die on its way to the app.
 */
export function judgeLease(lease: Lease, nowMs: number, skewMs = 5_000): LeaseVerdict {
  if (lease.kind === 'no') return { do: 'park', code: lease.code };
  if (lease.goodUntil === null || lease.goodUntil - skewMs > nowMs) return { do: 'use' };
  if (lease.refreshNotBefore > nowMs) return { do: 'later', notBefore: lease.refreshNotBefore };
  return { do: 'refresh' };
}
