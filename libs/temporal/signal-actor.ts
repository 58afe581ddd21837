import type { Client } from '@temporalio/client';
import type { SignalDefinition } from '@temporalio/common';
import type { ErrorCode } from '#domain/errors.js';

export interface ActorSignal<Args extends unknown[]> {
  workflowId: string;
  signal: SignalDefinition<Args>;
  args: Args;
  deadlineMs: number;
  whenLost?: ErrorCode;
}

export function signalActor<Args extends unknown[]>(client: Client, wish: ActorSignal<Args>): Promise<void> {
  throw new Error(`not yet: ${String(client)} ${wish.workflowId}`);
}
