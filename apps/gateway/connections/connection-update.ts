/** One update of a connection's actor, answered in the shape of the contract. */
import type { UpdateDefinition } from '@temporalio/common';
import type { ConnectionResponse } from '#contract/connections/connection-shape.js';
import { connectionWorkflowId } from '#domain/ids.js';
import type { ConnectionDocument } from '#store/documents.js';
import { updateActor } from '#temporal/update-actor.js';
import type { ConnectionView } from '#workflows/connection/messages.js';
import type { GatewayServices } from '../ports.js';
import { TEMPORAL_DEADLINE_MS } from '../temporal/temporal-call.js';
import { glanceAtParked } from '../temporal/visibility.js';
import { deletedOrLost } from './read-connection.js';
import { connectionOf } from './connection-answer.js';

export interface ConnectionUpdate<Args extends unknown[]> {
  update: UpdateDefinition<ConnectionView, Args>;
  args: Args;
  /** Names the wished change and the round. */
  updateId: string;
}

export function updateConnection<Args extends unknown[]>(
  services: GatewayServices,
  workspaceId: string,
  id: string,
  wish: ConnectionUpdate<Args>,
): Promise<ConnectionView> {
  return updateActor(services.client, {
    workflowId: connectionWorkflowId(workspaceId, id),
    deadlineMs: TEMPORAL_DEADLINE_MS,
    whenLost: 'actor_lost',
    ...wish,
  }).catch((error: unknown) => deletedOrLost(services, workspaceId, id, error));
}

/** The answer with its parked counts. */
export async function answerFor(
  services: GatewayServices,
  { workspaceId, _id, createdAt }: ConnectionDocument,
  view: ConnectionView,
): Promise<ConnectionResponse> {
  const parked = await glanceAtParked(services.client, workspaceId, _id);
  return connectionOf(view, { createdAt, parked, stale: false });
}
