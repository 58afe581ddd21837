/**
 * Starts one connection actor again from its projection: generation + 1. What the vault holds beyond the projection is adopted by
 * the actor itself, before anything else it does.
 */
import type { Client } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { connectionWorkflowId } from '#domain/ids.js';
import type { Store } from '#store/connect-store.js';
import type { ConnectionDocument } from '#store/documents.js';
import { appKey, statusKey, workspaceKey } from '#temporal/search-attributes.js';
import { TASK_QUEUE } from '#temporal/task-queues.js';
import { CONNECTION_WORKFLOW, statusQuery, type ConnectionView } from '#workflows/connection/messages.js';
import { rebuiltState, type ConnectionState } from '#workflows/connection/state.js';
import { rebuildRun, type Projected, type RebuildOutcome } from './rebuild-run.js';

export interface RebuildWish {
  client: Client;
  store: Store;
  document: ConnectionDocument;
  /** Leaves a running actor alone even when it is older than its projection. */
  onlyMissing: boolean;
}

export const rebuildActor = ({ client, store, document, onlyMissing }: RebuildWish): Promise<RebuildOutcome> =>
  rebuildRun(client, projectedActor(store, document), onlyMissing);

export function projectedActor(
  store: Store,
  { workspaceId, _id, app }: ConnectionDocument,
): Projected<ConnectionDocument, ConnectionView> {
  return {
    workflowId: connectionWorkflowId(workspaceId, _id),
    workflowType: CONNECTION_WORKFLOW,
    kind: 'connection',
    workspaceId,
    taskQueue: TASK_QUEUE.connections,
    summary: `Connection to ${app}`,
    statusQuery,
    async read() {
      const stored = await store.connections.get(workspaceId, _id);
      return stored === null || stored.deleted ? null : stored;
    },
    isBehind: (view, stored) =>
      view.generation === stored.generation ? view.revision < stored.revision : view.generation < stored.generation,
    async birth(stored) {
      const state = rebuiltState(JSON.parse(stored.state) as ConnectionState);
      const attributes = new TypedSearchAttributes([
        { key: workspaceKey, value: workspaceId },
        { key: appKey, value: state.app },
        { key: statusKey, value: state.status },
      ]);
      return { state, attributes };
    },
  };
}
