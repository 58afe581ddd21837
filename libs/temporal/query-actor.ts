import type { Client } from '@temporalio/client';
import type { QueryDefinition } from '@temporalio/common';
import type { ErrorCode } from '#domain/errors.js';

export interface ActorQuery<Ret, Args extends unknown[]> {
  workflowId: string;
  query: QueryDefinition<Ret, Args>;
  args: Args;
  deadlineMs: number;
  /** Refuse a closed run instead of replaying its history. */
  openOnly?: boolean;
  whenLost?: ErrorCode;
}

export function queryActor<Ret, Args extends unknown[]>(client: Client, wish: ActorQuery<Ret, Args>): Promise<Ret> {
  throw new Error(`not yet: ${String(client)} ${wish.workflowId}`);
}
