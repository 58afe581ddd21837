/** Jobs from Temporal's visibility, page by page. */
import type { z } from 'zod';
import type { JobSummarySchema } from '#contract/jobs/job-shape.js';
import { SEARCH_ATTRIBUTE } from '#domain/search-attributes.js';
import type { JobStatus } from '#workflows/job/messages.js';
import type { GatewayServices } from '../ports.js';
import { all, is, jobsOf } from '../temporal/visibility.js';
import { temporalCall } from '../temporal/temporal-call.js';
import { RUNNING_EXECUTION, summaryOf, type JobExecution } from './job-execution.js';
import { newestRuns } from './newest-runs.js';
import { cursorOf, readCursor } from './page-cursor.js';

export interface JobListWish {
  recipeId?: string | undefined;
  status?: JobStatus | undefined;
  /** Jobs that wait for this connection. */
  connectionId?: string | undefined;
  limit: number;
  cursor?: string | undefined;
}

export interface JobPage {
  items: z.infer<typeof JobSummarySchema>[];
  nextCursor: string | null;
}

export async function listJobs(services: GatewayServices, workspaceId: string, wish: JobListWish): Promise<JobPage> {
  const { client } = services;
  const query = queryOf(workspaceId, wish);
  const page = await temporalCall(client, () =>
    client.workflowService.listWorkflowExecutions({
      namespace: services.config.temporal.namespace,
      query,
      pageSize: wish.limit,
      nextPageToken: readCursor(wish.cursor, query),
    }),
  );
  const executions = (page.executions ?? []) as JobExecution[];
  // A failed or cancelled run may have been followed by a rerun of the same job: only the newest run is the job.
  const over = executions.filter((row) => row.status !== RUNNING_EXECUTION && summaryOf(row).status !== 'succeeded');
  const newest = over.length === 0 ? new Map<string, string>() : await newestRuns(services, workspaceId, over);
  const present = executions.filter(({ execution }) => {
    const id = execution?.workflowId ?? '';
    return !newest.has(id) || newest.get(id) === execution?.runId;
  });
  return { items: present.map(summaryOf), nextCursor: cursorOf(page.nextPageToken, query) };
}

function queryOf(workspaceId: string, { recipeId, status, connectionId }: JobListWish): string {
  return all(
    jobsOf(workspaceId),
    // A long job goes on in a new run; the run before is no job of its own.
    'ExecutionStatus != "ContinuedAsNew"',
    ...(recipeId === undefined ? [] : [is(SEARCH_ATTRIBUTE.recipe, recipeId)]),
    ...(status === undefined ? [] : [is(SEARCH_ATTRIBUTE.jobState, status)]),
    ...(connectionId === undefined
      ? []
      : [is(SEARCH_ATTRIBUTE.waitingFor, connectionId), 'ExecutionStatus = "Running"']),
  );
}
