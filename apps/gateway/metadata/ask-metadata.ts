/** Reads metadata through the worker: a short workflow whose id names the question, so that many askers make one call. */
import { createHash } from 'node:crypto';
import { TypedSearchAttributes } from '@temporalio/common';
import { HawserError } from '#domain/errors.js';
import { workspaceKey } from '#temporal/search-attributes.js';
import { TASK_QUEUE } from '#temporal/task-queues.js';
import { runPriority } from '#temporal/run-priority.js';
import {
  METADATA_WORKFLOW,
  metadataWorkflowId,
  type MetadataInput,
  type MetadataResult,
} from '#workflows/metadata/messages.js';
import { findManifest } from '#connectors/manifests.js';
import type { ConnectionView } from '#workflows/connection/messages.js';
import { glanceAtConnection } from '../connections/read-connection.js';
import type { GatewayServices } from '../ports.js';
import { ProblemError } from '../problems/problem-error.js';
import { temporalCall } from '../temporal/temporal-call.js';

/** An unanswered question must not stay open when no worker runs. The worker keeps answers for a minute: a repeat finds a late one. */
const QUESTION_LIVES_MS = 60_000;

export async function askMetadata(services: GatewayServices, input: MetadataInput): Promise<MetadataResult> {
  const { view, stale } = await glanceAtConnection(services, input.workspaceId, input.connectionId);
  // The actor's worker does not answer, so nobody would do the reading either.
  if (stale) throw new HawserError('temporarily_unavailable', 'The worker does not answer. Repeat the request.');
  if (view.status !== 'connected' && view.status !== 'degraded') throw notConnected(view);
  return temporalCall(services.client, async () => {
    const handle = await services.client.workflow.start(METADATA_WORKFLOW, {
      workflowId: metadataWorkflowId(input, hashOf(input.parameters)),
      taskQueue: TASK_QUEUE.jobs,
      args: [input],
      priority: runPriority('metadata', input.workspaceId),
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowExecutionTimeout: QUESTION_LIVES_MS,
      typedSearchAttributes: new TypedSearchAttributes([{ key: workspaceKey, value: input.workspaceId }]),
      staticSummary: `Metadata: ${input.kind}`,
    });
    return (await handle.result()) as MetadataResult;
  });
}

/** AS-01: the object picklist of an app that is not connected is disabled, with a prompt. */
export function notConnected(view: ConnectionView): ProblemError {
  const app = findManifest(view.app)?.name ?? view.app;
  return new ProblemError(
    'not_connected',
    `The connection "${view.name}" is not connected (${view.status}), so ${app} cannot be asked.`,
    { cure: view.nextStep },
  );
}

function hashOf(parameters: Record<string, string>): string {
  const sorted = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 16);
}
