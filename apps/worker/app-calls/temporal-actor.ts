/** The actor's port over the Temporal client. A question never waits without end: no worker may be there to answer. */
import type { Client } from '@temporalio/client';
import { HawserError } from '#domain/errors.js';
import { connectionWorkflowId } from '#domain/ids.js';
import type { Lease } from '#domain/lease.js';
import { queryActor } from '#temporal/query-actor.js';
import { signalActor } from '#temporal/signal-actor.js';
import { updateActor } from '#temporal/update-actor.js';
import {
  credentialsQuery,
  ensureFreshUpdate,
  statusQuery,
  usedSignal,
  verifyUpdate,
} from '#workflows/connection/messages.js';
import type { ConnectionRef } from '#domain/connection-ref.js';
import type { ActorPort } from './ports.js';

const QUERY_DEADLINE_MS = 15_000;
const SIGNAL_DEADLINE_MS = 10_000;
/** Longer than a renewal with its own time-outs, shorter than a step. */
const UPDATE_DEADLINE_MS = 45_000;

/** Tells a deleted connection (a tombstone stands in the store) from a lost actor. */
export type FindTombstone = (ref: ConnectionRef) => Promise<{ app: string; deletedAt: number } | null>;

export function temporalActor(client: Client, findTombstone: FindTombstone): ActorPort {
  const common = (ref: ConnectionRef) => ({
    workflowId: connectionWorkflowId(ref.workspaceId, ref.connectionId),
    whenLost: 'actor_lost' as const,
  });
  const query = { args: [] as [], deadlineMs: QUERY_DEADLINE_MS, openOnly: true };
  return {
    lease: async (ref) => {
      try {
        return await queryActor(client, { ...common(ref), ...query, query: credentialsQuery });
      } catch (error) {
        if (!(error instanceof HawserError) || error.code !== 'actor_lost') throw error;
        return deletedLease(await findTombstone(ref), error);
      }
    },
    status: (ref) => queryActor(client, { ...common(ref), ...query, query: statusQuery }),
    ensureFresh: (ref, input, updateId) =>
      updateActor(client, {
        ...common(ref),
        update: ensureFreshUpdate,
        args: [input],
        updateId,
        deadlineMs: UPDATE_DEADLINE_MS,
      }),
    verify: (ref, input, updateId) =>
      updateActor(client, {
        ...common(ref),
        update: verifyUpdate,
        args: [input],
        updateId,
        deadlineMs: UPDATE_DEADLINE_MS,
      }),
    used: (ref, at) =>
      signalActor(client, { ...common(ref), signal: usedSignal, args: [{ at }], deadlineMs: SIGNAL_DEADLINE_MS }),
  };
}

function deletedLease(tombstone: { app: string; deletedAt: number } | null, lost: HawserError): Lease {
  if (!tombstone) throw lost;
  return { kind: 'no', status: 'deleted', code: 'connection_deleted', since: tombstone.deletedAt, app: tombstone.app };
}
