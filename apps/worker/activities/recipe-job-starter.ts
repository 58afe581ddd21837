/** Starts jobs under ids that are made of their event: the same event never becomes two jobs (docs/decisions.md, "Polls and jobs"). */
import { createHash } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { HawserError } from '#domain/errors.js';
import { jobWorkflowId } from '#domain/ids.js';
import type { TriggerEvent } from '#domain/recipe.js';
import { SEARCH_ATTRIBUTE } from '#domain/search-attributes.js';
import { grpcStatus, mapTemporalError } from '#temporal/map-temporal-error.js';
import { lacksRecordAttribute, recordKeyOf } from '#temporal/record-key.js';
import { jobStateKey, recipeKey, recordKey, workspaceKey } from '#temporal/search-attributes.js';
import { TASK_QUEUE } from '#temporal/task-queues.js';
import { runPriority } from '#temporal/run-priority.js';
import { JOB_WORKFLOW, type JobState, type JobWorkflowInput } from '#workflows/job/messages.js';
import { isClosed } from './job-closed.js';
import { deadlineIn } from '../deadline-in.js';

const DEADLINE_MS = 15_000;
const REMEMBERED = 20_000;

/** Id of the job of an event: short, opaque, the same each time. */
export function jobIdOf(recipeId: string, instanceId: string, event: Pick<TriggerEvent, 'recordId' | 'stamp'>): string {
  const identity = JSON.stringify([recipeId, instanceId, event.recordId, event.stamp]);
  return `job_${createHash('sha256').update(identity).digest('hex').slice(0, 32)}`;
}

/** `started`: by this call; `open`: by an earlier one and still running; `closed`: it has ended before. */
export type StartResult = 'started' | 'open' | 'closed';

/** Temporal's words for a payload or a message that is too large; repeating it would be refused for ever. */
function isRefusedForSize(error: unknown): boolean {
  const status = grpcStatus(error);
  if (status === null) return false;
  return /exceeds (the )?(size )?limit|larger than max|too large/i.test(status.details);
}

export class JobStarter {
  /** Jobs known to have ended: a poll re-reads its overlap each time, and those need no call. */
  private readonly ended = new Set<string>();

  constructor(private readonly client: Client) {}

  /** Known without asking. */
  hasEnded(workspaceId: string, jobId: string): boolean {
    return this.ended.has(`${workspaceId}/${jobId}`);
  }

  async start(state: JobState, after: string | null): Promise<StartResult> {
    const key = `${state.workspaceId}/${state.jobId}`;
    if (this.ended.has(key)) return 'closed';
    try {
      await this.startRun(state, after, true).catch((error: unknown) => {
        // Better a job that is not found by its record than none.
        if (!lacksRecordAttribute(error)) throw error;
        return this.startRun(state, after, false);
      });
      return 'started';
    } catch (error) {
      if (isRefusedForSize(error)) throw new HawserError('event_too_large', undefined, { cause: error });
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw mapTemporalError(error);
      if (!(await isClosed(this.client, state.workspaceId, state.jobId))) return 'open';
      this.remember(key);
      return 'closed';
    }
  }

  private async startRun(state: JobState, after: string | null, byRecord: boolean): Promise<void> {
    const record = { key: recordKey, value: recordKeyOf(state.recipeId, state.event.recordId) };
    await this.client.withDeadline(deadlineIn(DEADLINE_MS), () =>
      this.client.workflow.start<(input: JobWorkflowInput) => Promise<unknown>>(JOB_WORKFLOW, {
        workflowId: jobWorkflowId(state.workspaceId, state.jobId),
        taskQueue: TASK_QUEUE.jobs,
        args: [{ state, after }],
        priority: runPriority('job', state.workspaceId),
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        typedSearchAttributes: [
          { key: workspaceKey, value: state.workspaceId },
          { key: recipeKey, value: state.recipeId },
          { key: jobStateKey, value: state.status },
          ...(byRecord ? [record] : []),
        ],
      }),
    );
  }

  /**
   * The open jobs of a record as Temporal's visibility has them (it lags by a fraction of a second), the oldest first. A server that
   * cannot be asked by record (an older namespace) knows none.
   */
  async openOfRecord(
    workspaceId: string,
    recipeId: string,
    recordId: string,
  ): Promise<{ jobId: string; startedAt: number }[]> {
    const query = `${SEARCH_ATTRIBUTE.record} = '${recordKeyOf(recipeId, recordId)}' AND ExecutionStatus = 'Running'`;
    const open: { jobId: string; startedAt: number }[] = [];
    const prefix = jobWorkflowId(workspaceId, '');
    try {
      await this.client.withDeadline(deadlineIn(DEADLINE_MS), async () => {
        for await (const { workflowId, startTime } of this.client.workflow.list({ query }))
          if (workflowId.startsWith(prefix))
            open.push({ jobId: workflowId.slice(prefix.length), startedAt: startTime.getTime() });
      });
    } catch (error) {
      if (!lacksRecordAttribute(error)) throw mapTemporalError(error);
    }
    return open.sort((one, other) => one.startedAt - other.startedAt);
  }

  private remember(key: string): void {
    this.ended.add(key);
    for (const oldest of this.ended) {
      if (this.ended.size <= REMEMBERED) break;
      this.ended.delete(oldest);
    }
  }
}
