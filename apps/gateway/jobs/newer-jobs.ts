/** Jobs of the same record for later changes: a rerun of an older one would put its older data over theirs. */
import { SEARCH_ATTRIBUTE } from '#domain/search-attributes.js';
import { lacksRecordAttribute, recordKeyOf } from '#temporal/record-key.js';
import { bornAtOf, type JobView } from '#workflows/job/messages.js';
import type { GatewayServices } from '../ports.js';
import { temporalCall } from '../temporal/temporal-call.js';
import { all, is, jobsOf } from '../temporal/visibility.js';
import { summaryOf, type JobExecution } from './job-execution.js';
import { readJob } from './read-job.js';

/** So many jobs that were started later are read; the newest come first. */
const MOST_READ = 50;

export interface JobsOfRecord {
  /** The last one that succeeded after a later change; null: none. */
  succeeded: JobView | null;
  /** One that is under way for a later change, one for an earlier change; null: none. */
  openLater: JobView | null;
  openEarlier: JobView | null;
}

/** From Temporal's visibility, which lags by a fraction of a second. Jobs of older builds are not found by their record. */
export async function jobsOfRecord(services: GatewayServices, job: JobView): Promise<JobsOfRecord> {
  const rows = await rowsOf(services, job);
  const found: JobsOfRecord = { succeeded: null, openLater: null, openEarlier: null };
  for (const row of rows.filter(({ id }) => id !== job.jobId).slice(0, MOST_READ)) {
    if (row.endedAt !== null && row.status !== 'succeeded') continue;
    const view = await readJob(services, job.workspaceId, row.id);
    const isLater = bornAtOf(view) > bornAtOf(job);
    if (view.endedAt === null) found[isLater ? 'openLater' : 'openEarlier'] ??= view;
    const isLast = !found.succeeded || bornAtOf(view) > bornAtOf(found.succeeded);
    if (view.status === 'succeeded' && isLater && isLast) found.succeeded = view;
  }
  return found;
}

async function rowsOf(
  { client, config }: GatewayServices,
  { workspaceId, recipeId, event }: JobView,
): Promise<ReturnType<typeof summaryOf>[]> {
  const query = all(
    jobsOf(workspaceId),
    is(SEARCH_ATTRIBUTE.record, recordKeyOf(recipeId, event.recordId)),
    'ExecutionStatus IN ("Running", "Completed")',
  );
  try {
    const page = await temporalCall(client, () =>
      client.workflowService.listWorkflowExecutions({ namespace: config.temporal.namespace, query, pageSize: 200 }),
    );
    return ((page.executions ?? []) as JobExecution[]).map(summaryOf);
  } catch (error) {
    if (lacksRecordAttribute(error)) return [];
    throw error;
  }
}
