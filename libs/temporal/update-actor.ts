import type { Client } from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import type { ErrorCode } from '#domain/errors.js';

export interface ActorUpdate<Ret, Args extends unknown[]> {
  workflowId: string;
  update: UpdateDefinition<Ret, Args>;
  args: Args;
  /** Names the wished change and the round (design.md section 3). Plain in histories. */
  updateId: string;
  /** How long the caller waits, in milliseconds. */
  deadlineMs: number;
  /** What a workflow that does not run means to the caller. */
  whenLost?: ErrorCode;
}

export function updateActor<Ret, Args extends unknown[]>(client: Client, wish: ActorUpdate<Ret, Args>): Promise<Ret> {
  throw new Error(`not yet: ${String(client)} ${wish.updateId}`);
}
