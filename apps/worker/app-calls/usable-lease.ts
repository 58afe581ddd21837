/** From a connection to a lease that may be used now: renewed if it ends, or the reason why not. */
import { errorClass, HawserError } from '#domain/errors.js';
import { judgeLease, type LeaseYes } from '#domain/lease.js';
import type { EnsureFresh } from './ensure-fresh.js';
import type { HeldLease, LeaseKeeper } from './lease-keeper.js';
import type { ConnectionRef } from '#domain/connection-ref.js';
import type { OpenedToken } from './ports.js';

/** A lease that says yes, with its opened credential. */
export interface UsableLease extends OpenedToken {
  lease: LeaseYes;
}

export interface UsableLeaseParts {
  leases: LeaseKeeper;
  freshness: EnsureFresh;
  now: () => number;
}

/** Throws HawserError: the reason of a "no" (park), or a class "retry" with the time after which asking again makes sense. */
export async function usableLease(parts: UsableLeaseParts, ref: ConnectionRef): Promise<UsableLease> {
  let held = await parts.leases.get(ref);
  if (judgeLease(held.lease, parts.now()).do === 'refresh') {
    const renewed = await parts.freshness.renew(ref, held.lease as LeaseYes, false);
    held = renewed.held;
  }
  return openToken(parts, ref, held);
}

/** The lease when it may be used now; throws what is to happen otherwise. */
export function insistOnUse({ lease }: HeldLease, now: number): LeaseYes {
  if (lease.kind === 'no') throw new HawserError(lease.code);
  // Without the safety margin here: a token in its last seconds is better than none when no newer one can be had.
  const verdict = judgeLease(lease, now, 0);
  if (verdict.do === 'use') return lease;
  throw noCredential(lease, now);
}

/** The access token has ended (or is refused) and there is no newer one yet. */
export function noCredential(lease: LeaseYes, now: number): HawserError {
  const waitMs = lease.refreshNotBefore - now;
  const code =
    lease.trouble !== null && ['retry', 'wait_for_operator'].includes(errorClass(lease.trouble))
      ? lease.trouble
      : 'temporarily_unavailable';
  return new HawserError(code, undefined, waitMs > 0 ? { retryAfterMs: waitMs } : {});
}

/** Opens it. The vault may lack a version that was given up since the lease was asked for, so the lease is asked for once more. */
export async function openToken(parts: UsableLeaseParts, ref: ConnectionRef, held: HeldLease): Promise<UsableLease> {
  const lease = insistOnUse(held, parts.now());
  const token = await held.accessToken();
  if (token !== null) return { lease, ...token };
  parts.leases.reject(ref, lease.version);
  const again = await parts.leases.get(ref);
  const newer = insistOnUse(again, parts.now());
  const second = newer.version === lease.version ? null : await again.accessToken();
  if (second !== null) return { lease: newer, ...second };
  throw new HawserError(
    'vault_damaged',
    `The vault lacks version ${newer.version} of the credential. Restore the vault from a backup, or reconnect.`,
  );
}
