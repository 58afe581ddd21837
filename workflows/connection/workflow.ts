/** The workflow of a connection: one per connection, for its whole life (ids: libs/domain/ids.ts). */
import { CancellationScope } from '@temporalio/workflow';
import { ConnectionActor } from './connection-actor.js';
import { noResets, type Resets } from '../resets.js';
import type { ConnectionWorkflowInput } from './messages.js';

/**
 * Lives until the connection is deleted. Handlers are registered in the actor's constructor, before the first await. Not `async`: Temporal
 * keeps the stack of each pending promise, 1 to 2 KiB of every idle actor.
 */
export function connectionWorkflow(input: ConnectionWorkflowInput, resets: Resets = noResets()): Promise<void> {
  const actor = new ConnectionActor(input.state, resets);
  // Temporal's own cancel (Web UI) means: give the connection up. It must never tear a renewal that may have been sent.
  CancellationScope.current().cancelRequested.catch(() => actor.disconnect());
  return CancellationScope.nonCancellable(() => actor.run());
}
