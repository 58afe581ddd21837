import { WorkflowClient, type Client } from '@temporalio/client';
import type { QueryDefinition } from '@temporalio/common';
import type { ErrorCode } from '#domain/errors.js';
import { failureConverterPath } from './data-converter.js';
import { GRPC, grpcStatus, mapTemporalError } from './map-temporal-error.js';

export interface ActorQuery<Ret, Args extends unknown[]> {
  workflowId: string;
  query: QueryDefinition<Ret, Args>;
  args: Args;
  /** How long the caller waits, in milliseconds. */
  deadlineMs: number;
  /** Refuse a closed run (`whenLost`) instead of replaying its history for an answer. */
  openOnly?: boolean;
  /** What a workflow that does not run means to the caller; default `actor_lost`. */
  whenLost?: ErrorCode;
}

/**
 * A question to an actor that is in no worker's memory is lost now and then (its task waits for a worker that is gone or full).
 * A question changes nothing, so it is asked again after this time.
 */
const ASK_AGAIN_MS = 5_000;

const openOnlyClients = new WeakMap<Client, WorkflowClient>();

/**
 * Asks a workflow. Each call is a task of its own on the actor: cache answers where many ask.
 * @throws HawserError `whenLost`; `temporarily_unavailable` at the deadline, without a worker, or when Temporal does not answer.
 */
export async function queryActor<Ret, Args extends unknown[]>(
  client: Client,
  wish: ActorQuery<Ret, Args>,
): Promise<Ret> {
  const { workflowId, query, args, deadlineMs, openOnly = false, whenLost } = wish;
  const workflows = openOnly ? openOnlyClient(client) : client.workflow;
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    try {
      return await client.withDeadline(Math.min(deadline, Date.now() + ASK_AGAIN_MS), () =>
        workflows.getHandle(workflowId).query(query, ...args),
      );
    } catch (error) {
      const unanswered = grpcStatus(error)?.code === GRPC.DEADLINE_EXCEEDED;
      if (!unanswered || Date.now() >= deadline) throw mapTemporalError(error, whenLost);
    }
  }
}

/** The reject condition belongs to a client, not to a call: a second one over the same connection has it. */
function openOnlyClient(client: Client): WorkflowClient {
  const known = openOnlyClients.get(client);
  if (known) return known;
  const { namespace, identity, loadedDataConverter } = client.options;
  const fresh = new WorkflowClient({
    connection: client.connection,
    namespace,
    identity,
    dataConverter: { payloadCodecs: loadedDataConverter.payloadCodecs, failureConverterPath },
    queryRejectCondition: 'NOT_OPEN',
  });
  openOnlyClients.set(client, fresh);
  return fresh;
}
