/**
 * Which jobs have ended: the net below signals that may be lost when somebody terminates a job by hand. One that Temporal ended at a
 * limit has not ended: its event is not processed, and it goes on from its history.
 */
import type { Client } from '@temporalio/client';
import { jobWorkflowId } from '#domain/ids.js';
import { isWorkflowGone } from '#temporal/not-found.js';
import { deadlineIn } from '../deadline-in.js';
import { forcedEnd } from '../recover/forced-end.js';

const DEADLINE_MS = 10_000;

/** Ids of those that are closed or unknown to Temporal. One that cannot be asked counts as open. */
export async function closedJobs(client: Client, workspaceId: string, jobIds: string[]): Promise<string[]> {
  const closed: string[] = [];
  for (const jobId of jobIds) if (await isClosed(client, workspaceId, jobId)) closed.push(jobId);
  return closed;
}

export async function isClosed(client: Client, workspaceId: string, jobId: string): Promise<boolean> {
  try {
    const handle = client.workflow.getHandle(jobWorkflowId(workspaceId, jobId));
    const { status } = await client.withDeadline(deadlineIn(DEADLINE_MS), () => handle.describe());
    if (status.name === 'TERMINATED' || status.name === 'TIMED_OUT')
      return (await forcedEnd(client, handle.workflowId))?.byLimit !== true;
    return status.name !== 'RUNNING';
  } catch (error) {
    return isWorkflowGone(error);
  }
}
