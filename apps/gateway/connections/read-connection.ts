/** Finding a connection of the workspace and asking its actor. */
import { HawserError } from '#domain/errors.js';
import { connectionWorkflowId } from '#domain/ids.js';
import type { ConnectionDocument } from '#store/documents.js';
import { queryActor } from '#temporal/query-actor.js';
import { statusQuery, type ConnectionView } from '#workflows/connection/messages.js';
import type { GatewayServices } from '../ports.js';
import { notFound } from '../problems/problem-error.js';
import { GLANCE_DEADLINE_MS, TEMPORAL_DEADLINE_MS } from '../temporal/temporal-call.js';
import { projectedView } from './connection-answer.js';

export interface SeenConnection {
  document: ConnectionDocument;
  view: ConnectionView;
  /** True when the actor did not answer and `view` is its projection. */
  stale: boolean;
}

/** The document of a living connection; 404 for an unknown, foreign or deleted one. */
export async function findConnection(
  { store }: GatewayServices,
  workspaceId: string,
  id: string,
): Promise<ConnectionDocument> {
  const document = await store.connections.get(workspaceId, id);
  if (!document || document.deleted) throw notFound('connection', id);
  return document;
}

/** The actor's view, waited for; the actor must answer because something is about to be done. */
export async function askConnection(
  services: GatewayServices,
  workspaceId: string,
  id: string,
): Promise<{ document: ConnectionDocument; view: ConnectionView }> {
  const document = await findConnection(services, workspaceId, id);
  const view = await queryView(services, workspaceId, id, TEMPORAL_DEADLINE_MS).catch((error: unknown) =>
    deletedOrLost(services, workspaceId, id, error),
  );
  if (view.status === 'deleted') throw notFound('connection', id);
  return { document, view };
}

/** An actor that refuses, or is not there, may do so for the deletion of its connection since its document was read: that is a 404. */
export async function deletedOrLost(
  services: GatewayServices,
  workspaceId: string,
  id: string,
  error: unknown,
): Promise<never> {
  const code = error instanceof HawserError ? error.code : null;
  if (code === 'connection_deleted') throw notFound('connection', id);
  if (code === 'actor_lost') await findConnection(services, workspaceId, id);
  throw error;
}

/** The actor's view if it answers soon, else the projection, marked. */
export async function glanceAtConnection(
  services: GatewayServices,
  workspaceId: string,
  id: string,
): Promise<SeenConnection> {
  const document = await findConnection(services, workspaceId, id);
  try {
    const view = await queryView(services, workspaceId, id, GLANCE_DEADLINE_MS);
    if (view.status === 'deleted') throw notFound('connection', id);
    return { document, view, stale: false };
  } catch (error) {
    if (isDeleted(error)) throw error;
    return { document, view: projectedView(document), stale: true };
  }
}

function queryView(
  { client }: GatewayServices,
  workspaceId: string,
  id: string,
  deadlineMs: number,
): Promise<ConnectionView> {
  return queryActor(client, {
    workflowId: connectionWorkflowId(workspaceId, id),
    query: statusQuery,
    args: [],
    deadlineMs,
    openOnly: true,
    whenLost: 'actor_lost',
  });
}

function isDeleted(error: unknown): boolean {
  return typeof error === 'object' && error !== null && (error as { code?: unknown }).code === 'not_found';
}
