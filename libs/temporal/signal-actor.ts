import type { Client } from '@temporalio/client';
import type { SignalDefinition } from '@temporalio/common';
import type { ErrorCode } from '#domain/errors.js';
import { mapTemporalError } from './map-temporal-error.js';

export interface ActorSignal<Args extends unknown[]> {
  workflowId: string;
  signal: SignalDefinition<Args>;
  args: Args;
  /** How long the caller waits for Temporal to take it, in milliseconds. */
  deadlineMs: number;
  /** What a workflow that does not run means to the caller; default `actor_lost`. */
  whenLost?: ErrorCode;
}

/**
 * Sends a signal; returns once Temporal has written it. Coalesce at the sender: a dense stream keeps an actor from rolling.
 * @throws HawserError `whenLost`; `temporarily_unavailable`.
 */
export async function signalActor<Args extends unknown[]>(client: Client, wish: ActorSignal<Args>): Promise<void> {
  const { workflowId, signal, args, deadlineMs, whenLost } = wish;
  try {
    await client.withDeadline(Date.now() + deadlineMs, () =>
      client.workflow.getHandle(workflowId).signal(signal, ...args),
    );
  } catch (error) {
    throw mapTemporalError(error, whenLost);
  }
}
