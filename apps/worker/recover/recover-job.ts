/**
 * Starts a job again whose run was ended by force: under the same id, with the state that its history tells. Its done steps stay done.
 */
import type { Client } from '@temporalio/client';
import { TypedSearchAttributes, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { jobWorkflowId } from '#domain/ids.js';
import { SEARCH_ATTRIBUTE } from '#domain/search-attributes.js';
import { runPriority } from '#temporal/run-priority.js';
import { recordKeyOf } from '#temporal/record-key.js';
import { jobStateKey, recipeKey, recordKey, workspaceKey } from '#temporal/search-attributes.js';
import { TASK_QUEUE } from '#temporal/task-queues.js';
import { bornAtOf, JOB_WORKFLOW, type JobState } from '#workflows/job/messages.js';
import { deadlineIn } from '../deadline-in.js';
import { forcedEnd } from './forced-end.js';
import { jobFromHistory } from './job-from-history.js';
import { readJobEvents } from './read-job-events.js';

const DEADLINE_MS = 15_000;
/** One that is ended by force again and again is left to the doctor. */
export const MOST_RECOVERIES = 20;

export interface RecoverOptions {
  /**
   * Also one that was ended by hand, unless a later job of its record was started: whatever waited behind it went on then, and older
   * data must not be written over newer. Else only one that was ended at a limit, whose successors wait.
   */
  unlessOvertaken?: boolean;
}

/** `left`: it runs, or ended by itself, or was recovered too often. @throws Where its history cannot be read. */
export async function recoverJob(
  client: Client,
  workspaceId: string,
  jobId: string,
  { unlessOvertaken = false }: RecoverOptions = {},
): Promise<'recovered' | 'left' | 'overtaken'> {
  const workflowId = jobWorkflowId(workspaceId, jobId);
  const end = await forcedEnd(client, workflowId);
  if (end === null || (!end.byLimit && !unlessOvertaken)) return 'left';
  const input = jobFromHistory(await readJobEvents(client, workflowId, end.runId), end.at);
  const { recipeId, event, status, recoveries = 0 } = input.state;
  if (recoveries > MOST_RECOVERIES) return 'left';
  if (unlessOvertaken && (await isOvertaken(client, workflowId, input.state))) return 'overtaken';
  // Somebody else may have been quicker, and it may have ended by now: what it did since is not in this history.
  if ((await forcedEnd(client, workflowId))?.runId !== end.runId) return 'left';
  try {
    await client.withDeadline(deadlineIn(DEADLINE_MS), () =>
      client.workflow.start(JOB_WORKFLOW, {
        workflowId,
        taskQueue: TASK_QUEUE.jobs,
        args: [input],
        priority: runPriority('job', workspaceId),
        workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
        typedSearchAttributes: new TypedSearchAttributes([
          { key: workspaceKey, value: workspaceId },
          { key: recipeKey, value: recipeId },
          { key: jobStateKey, value: status },
          { key: recordKey, value: recordKeyOf(recipeId, event.recordId) },
        ]),
        staticSummary: 'Job (goes on from its history)',
      }),
    );
    return 'recovered';
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return 'left';
    throw error;
  }
}

async function isOvertaken(client: Client, workflowId: string, job: JobState): Promise<boolean> {
  const born = new Date(bornAtOf(job)).toISOString();
  const query = `${SEARCH_ATTRIBUTE.record} = '${recordKeyOf(job.recipeId, job.event.recordId)}' AND StartTime > '${born}'`;
  for await (const other of client.workflow.list({ query })) if (other.workflowId !== workflowId) return true;
  return false;
}
