/** Asks the actor (never the app) whether waiting still makes sense. Used by parked jobs and recipes. */
import { judgeLease } from '#domain/lease.js';
import type { ActorPort } from '../app-calls/ports.js';
import { temporalNow } from '../temporal-time.js';

export interface LookInput {
  workspaceId: string;
  connectionId: string;
  requirement: string | null;
  /** When it parked (epoch ms). */
  since: number;
}

/** `wait` also when the actor cannot be asked: a look is a net, it never fails. */
export async function lookAtConnection(
  actor: Pick<ActorPort, 'lease' | 'status'>,
  input: LookInput,
): Promise<'go' | 'wait' | 'deleted'> {
  try {
    const lease = await actor.lease(input);
    if (lease.kind === 'no') return lease.code === 'connection_deleted' ? 'deleted' : 'wait';
    const verdict = judgeLease(lease, temporalNow());
    if (verdict.do === 'later') return 'wait';
    if (input.requirement === null) return 'go';
    // A right is back only when a verification after the refusal has found it.
    const { proof } = await actor.status(input);
    return proof !== null && proof.at >= input.since && proof.satisfied.includes(input.requirement) ? 'go' : 'wait';
  } catch {
    return 'wait';
  }
}
