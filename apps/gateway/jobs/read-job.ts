import { jobWorkflowId } from '#domain/ids.js';
import { queryActor } from '#temporal/query-actor.js';
import { jobQuery, type JobView } from '#workflows/job/messages.js';
import type { GatewayServices } from '../ports.js';
import { notFound } from '../problems/problem-error.js';
import { TEMPORAL_DEADLINE_MS } from '../temporal/temporal-call.js';

/** A job of the workspace, open or closed; 404 when Temporal has none of that id. The workflow id carries the workspace. */
export async function readJob({ client }: GatewayServices, workspaceId: string, id: string): Promise<JobView> {
  // A slash would lead into another workflow id, such as that of another workspace.
  // No id of ours has a blank, and of one that ends in a blank Temporal's refusal comes without its words.
  if (/[\s/]/.test(id)) throw notFound('job', id);
  try {
    return await queryActor(client, {
      workflowId: jobWorkflowId(workspaceId, id),
      query: jobQuery,
      args: [],
      deadlineMs: TEMPORAL_DEADLINE_MS,
      whenLost: 'not_found',
    });
  } catch (error) {
    if ((error as { code?: unknown }).code === 'not_found') throw notFound('job', id);
    throw error;
  }
}
