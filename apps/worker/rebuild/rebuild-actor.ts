/**
 * Starts one connection actor again from its projection: generation + 1, never over a tombstone (design.md section 2).
 * What the vault holds beyond the projection is adopted by the actor itself, before anything else it does.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { TypedSearchAttributes, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/common';
import { connectionWorkflowId } from '#domain/ids.js';
import type { Store } from '#store/connect-store.js';
import type { ConnectionDocument } from '#store/documents.js';
import { appKey, statusKey, workspaceKey } from '#temporal/search-attributes.js';
import { TASK_QUEUE } from '#temporal/task-queues.js';
import { CONNECTION_WORKFLOW, statusQuery } from '#workflows/connection/messages.js';
import { rebuiltState, type ConnectionState } from '#workflows/connection/state.js';

/** `unknown`: it runs, but did not answer, so nobody can tell whether it is older than its projection. */
export type RebuildOutcome = 'rebuilt' | 'running' | 'deleted' | 'unknown';

export interface RebuildWish {
  client: Client;
  store: Store;
  document: ConnectionDocument;
  /** Leaves a running actor alone even when it is older than its projection (its Temporal database was restored). */
  onlyMissing: boolean;
}

const DEADLINE_MS = 10_000;
/** An activity writes the projection before the actor has heard its outcome: only one that stays behind is older. */
const LOOKS = 5;
const BETWEEN_LOOKS_MS = 1_000;

export async function rebuildActor({ client, store, document, onlyMissing }: RebuildWish): Promise<RebuildOutcome> {
  if (document.deleted) return 'deleted';
  const run = await runOf(client, document);
  // An actor ends by itself only when its connection was deleted, even if the store (restored from a backup) does not know it.
  if (run === 'COMPLETED') return 'deleted';
  if (run === 'RUNNING') {
    if (onlyMissing) return 'running';
    const age = await isBehind(client, store, document);
    if (age !== 'behind') return age;
  }
  // Read again: the actor may have been deleted while we looked.
  const present = await store.connections.get(document.workspaceId, document._id);
  if (!present || present.deleted) return 'deleted';
  return (await start(client, present, run === 'RUNNING')) ? 'rebuilt' : 'running';
}

async function runOf(client: Client, document: ConnectionDocument): Promise<string> {
  try {
    return (await call(client, () => handleOf(client, document).describe())).status.name;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'MISSING';
    throw error;
  }
}

async function isBehind(client: Client, store: Store, document: ConnectionDocument): Promise<'behind' | 'running' | 'unknown'> {
  for (let look = 0; look < LOOKS; look += 1) {
    if (look > 0) await pause(BETWEEN_LOOKS_MS);
    const stored = (await store.connections.get(document.workspaceId, document._id)) ?? document;
    const view = await call(client, () => handleOf(client, document).query(statusQuery)).catch(() => null);
    if (view === null) return 'unknown';
    const behind = view.generation === stored.generation ? view.revision < stored.revision : view.generation < stored.generation;
    if (!behind) return 'running';
  }
  return 'behind';
}

/** False when somebody else has started it meanwhile. */
async function start(client: Client, document: ConnectionDocument, replace: boolean): Promise<boolean> {
  const state = rebuiltState(JSON.parse(document.state) as ConnectionState);
  const { workspaceId, connectionId, app, status } = state;
  try {
    await call(client, () =>
      client.workflow.start(CONNECTION_WORKFLOW, {
        workflowId: connectionWorkflowId(workspaceId, connectionId),
        taskQueue: TASK_QUEUE.connections,
        args: [{ state }],
        workflowIdConflictPolicy: replace ? 'TERMINATE_EXISTING' : 'FAIL',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        typedSearchAttributes: new TypedSearchAttributes([
          { key: workspaceKey, value: workspaceId },
          { key: appKey, value: app },
          { key: statusKey, value: status },
        ]),
        staticSummary: `Connection to ${app}`,
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

const handleOf = (client: Client, { workspaceId, _id }: ConnectionDocument) => client.workflow.getHandle(connectionWorkflowId(workspaceId, _id));

const call = <T>(client: Client, work: () => Promise<T>): Promise<T> => client.withDeadline(Date.now() + DEADLINE_MS, work);
