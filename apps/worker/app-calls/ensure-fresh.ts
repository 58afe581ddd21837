/** Asks the actor for a renewal, once for each round and process, and reads the lease afterwards (docs/decisions.md, "Update ids"). */
import { HawserError, isErrorCode } from '#domain/errors.js';
import type { LeaseYes } from '#domain/lease.js';
import type { HeldLease, LeaseKeeper } from './lease-keeper.js';
import { refKey, type ConnectionRef } from '#domain/connection-ref.js';
import type { ActorPort } from './ports.js';

/** What came of it: the lease as it is now, and the actor's trouble if it had one. */
export interface RenewalOutcome {
  held: HeldLease;
  trouble: HawserError | null;
}

export class EnsureFresh {
  private readonly running = new Map<string, Promise<HawserError | null>>();

  constructor(
    private readonly actor: Pick<ActorPort, 'ensureFresh'>,
    private readonly leases: LeaseKeeper,
  ) {}

  /**
   * Drops the seen lease and brings a newer one if there can be one. `rejected`: the app refused the version; otherwise it only ends.
   * Throws when the actor cannot be read at all.
   */
  async renew(ref: ConnectionRef, seen: LeaseYes, rejected: boolean): Promise<RenewalOutcome> {
    this.leases.reject(ref, seen.version);
    // Asked anew, because a kept lease may name an older round, whose recorded answer would be replayed.
    const present = await this.leases.get(ref);
    if (present.lease.kind === 'no' || present.lease.version > seen.version) return { held: present, trouble: null };
    const trouble = await this.once(ref, present.lease, rejected);
    this.leases.reject(ref, seen.version);
    return { held: await this.leases.get(ref), trouble };
  }

  private once(ref: ConnectionRef, lease: LeaseYes, rejected: boolean): Promise<HawserError | null> {
    // A rejection asks for more than a near end does: it must not be answered with the other's recorded "nothing to be done".
    const updateId = `ensureFresh:${lease.version}.${lease.failures}${rejected ? '.rejected' : ''}`;
    const key = `${refKey(ref)} ${updateId}`;
    const running = this.running.get(key);
    if (running) return running;
    const started = this.actor
      .ensureFresh(ref, { seenVersion: lease.version, by: 'job', rejected }, updateId)
      .then(() => null, asTrouble)
      .finally(() => this.running.delete(key));
    this.running.set(key, started);
    return started;
  }
}

/** An update's answer is only a wake-up: its failure is noted, and the lease tells what holds. */
function asTrouble(error: unknown): HawserError {
  if (error instanceof HawserError) return error;
  const { type, message } = error as { type?: unknown; message?: string };
  return isErrorCode(type)
    ? new HawserError(type, message, { cause: error })
    : new HawserError('temporarily_unavailable', undefined, { cause: error });
}
