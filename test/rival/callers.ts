/** Callers as a worker process makes them: an own Temporal client, an own cache of leases, and the way of every job to a fresh lease. */
import { EnsureFresh } from '../../apps/worker/app-calls/ensure-fresh.js';
import { LeaseKeeper } from '../../apps/worker/app-calls/lease-keeper.js';
import { temporalActor } from '../../apps/worker/app-calls/temporal-actor.js';
import type { ConnectionRef } from '../../libs/domain/connection-ref.js';
import type { Lease, LeaseYes } from '#domain/lease.js';
import { actorOf, temporalOf } from '../support/actor.js';
import { eventually } from '../support/eventually.js';
import type { Hawser } from '../support/start-hawser.js';

export class CallerProcess {
  private readonly temporal: ReturnType<typeof temporalOf>;
  private readonly leases: LeaseKeeper;
  private readonly freshness: EnsureFresh;
  private readonly port: ReturnType<typeof temporalActor>;

  constructor(hawser: Hawser) {
    this.temporal = temporalOf(hawser);
    this.port = temporalActor(this.temporal.client, () => Promise.resolve(null));
    this.leases = new LeaseKeeper({
      actor: this.port,
      openAccessToken: () => Promise.reject(new Error('A caller of this test opens no secret.')),
    });
    this.freshness = new EnsureFresh(this.port, this.leases);
  }

  async refOf(connectionId: string): Promise<ConnectionRef> {
    const { workflowId } = await actorOf(this.temporal.client, connectionId);
    const [, workspaceId = ''] = workflowId.split('/');
    return { workspaceId, connectionId };
  }

  /** A lease, asked anew. */
  lease(ref: ConnectionRef): Promise<Lease> {
    return this.port.lease(ref);
  }

  /**
   * What a job does whose request the app refused with the token of this lease: it asks for a newer one, and repeats while there is
   * none yet. Resolves to the newer lease, or to the refusal.
   */
  async afterRejection(ref: ConnectionRef, seen: LeaseYes): Promise<Lease> {
    return eventually(
      'a newer lease or a refusal',
      async () => {
        const { lease } = (await this.freshness.renew(ref, seen, true)).held;
        return (lease.kind === 'no' || lease.version > seen.version) && lease;
      },
      100_000,
      500,
    );
  }

  async close(): Promise<void> {
    this.leases.close();
    await this.temporal.close();
  }
}

/** The lease of a usable connection. */
export function usable(lease: Lease): LeaseYes {
  if (lease.kind === 'no') throw new Error(`No lease: ${lease.code}`);
  return lease;
}
