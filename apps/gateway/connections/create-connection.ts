/** Makes a connection: its projection first, then its actor. Repeatable with the same id. */
import { TypedSearchAttributes, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { connectionWorkflowId } from '#domain/ids.js';
import type { ConnectionDocument } from '#store/documents.js';
import { appKey, statusKey, workspaceKey } from '#temporal/search-attributes.js';
import { TASK_QUEUE } from '#temporal/task-queues.js';
import { runPriority } from '#temporal/run-priority.js';
import { CONNECTION_WORKFLOW } from '#workflows/connection/messages.js';
import { bornState, type ConnectionBirth, type ConnectionState } from '#workflows/connection/state.js';
import type { GatewayServices } from '../ports.js';
import { temporalCall } from '../temporal/temporal-call.js';

export async function createConnection(services: GatewayServices, birth: ConnectionBirth): Promise<ConnectionDocument> {
  const { store } = services;
  const { workspaceId, connectionId, app, name, at } = birth;
  const state = bornState(birth);
  const fresh: ConnectionDocument = {
    _id: connectionId,
    workspaceId,
    app,
    name,
    createdAt: at,
    revision: 0,
    generation: 1,
    state: JSON.stringify(state),
    deleted: false,
  };
  const inserted = await store.connections.insert(fresh);
  // A repeat starts the actor that the first request may not have come to start, with the state of the first request.
  const document = inserted ? fresh : ((await store.connections.get(workspaceId, connectionId)) ?? fresh);
  if (document.deleted) return document;
  await startActor(services, JSON.parse(document.state) as ConnectionState);
  if (inserted) services.events.connectionCreated({ workspaceId, connectionId, app });
  return document;
}

async function startActor({ client }: GatewayServices, state: ConnectionState): Promise<void> {
  const { workspaceId, connectionId, app, status } = state;
  try {
    await temporalCall(client, () =>
      client.workflow.start(CONNECTION_WORKFLOW, {
        workflowId: connectionWorkflowId(workspaceId, connectionId),
        taskQueue: TASK_QUEUE.connections,
        args: [{ state }],
        priority: runPriority('connection', workspaceId),
        workflowIdConflictPolicy: 'USE_EXISTING',
        // An actor that has ended was deleted: a late repeat of its creation must not bring it back.
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        typedSearchAttributes: new TypedSearchAttributes([
          { key: workspaceKey, value: workspaceId },
          { key: appKey, value: app },
          { key: statusKey, value: status },
        ]),
        staticSummary: `Connection to ${app}`,
      }),
    );
  } catch (error) {
    if (!(error instanceof Error && error.cause instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
