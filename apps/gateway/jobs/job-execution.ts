/** A row of Temporal's visibility, read as a job. Search attributes are plain JSON payloads. */
import type { z } from 'zod';
import type { JobSummarySchema, JobStatusSchema } from '#contract/jobs/job-shape.js';
import { JobStatusSchema as StatusSchema } from '#contract/jobs/job-shape.js';
import { SEARCH_ATTRIBUTE } from '#domain/search-attributes.js';

/** The part of `temporal.api.workflow.v1.WorkflowExecutionInfo` that is read here. */
export interface JobExecution {
  execution?: { workflowId?: string | null; runId?: string | null } | null;
  startTime?: Timestamp | null;
  closeTime?: Timestamp | null;
  /** `temporal.api.enums.v1.WorkflowExecutionStatus`. */
  status?: number | null;
  searchAttributes?: { indexedFields?: Record<string, { data?: Uint8Array | null }> | null } | null;
}

interface Timestamp {
  /** A number, or a Long object. */
  seconds?: unknown;
  nanos?: number | null;
}

export const RUNNING_EXECUTION = 1;
const FAILED_EXECUTION = 3;
const COMPLETED = 2;

export function summaryOf(row: JobExecution): z.infer<typeof JobSummarySchema> {
  const running = row.status === RUNNING_EXECUTION;
  return {
    id: (row.execution?.workflowId ?? '').split('/').slice(2).join('/'),
    recipeId: attributeOf(row, SEARCH_ATTRIBUTE.recipe),
    status: statusOf(row),
    waitingFor: running ? attributeOf(row, SEARCH_ATTRIBUTE.waitingFor) : null,
    startedAt: millisecondsOf(row.startTime) ?? 0,
    endedAt: millisecondsOf(row.closeTime),
  };
}

/** What the job says of itself; for one that was ended by hand, what Temporal says. */
function statusOf(row: JobExecution): z.infer<typeof JobStatusSchema> {
  const told = StatusSchema.safeParse(attributeOf(row, SEARCH_ATTRIBUTE.jobState));
  if (row.status === RUNNING_EXECUTION) return told.success ? told.data : 'queued';
  if (row.status === FAILED_EXECUTION) return 'failed';
  const ended = told.success && (told.data === 'succeeded' || told.data === 'cancelled' || told.data === 'failed');
  if (ended) return told.data;
  return row.status === COMPLETED ? 'succeeded' : 'cancelled';
}

function attributeOf(row: JobExecution, name: string): string | null {
  const data = row.searchAttributes?.indexedFields?.[name]?.data;
  if (!data || data.length === 0) return null;
  const value: unknown = JSON.parse(Buffer.from(data).toString('utf8'));
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' && first !== '' && first !== 'none' ? first : null;
}

export function millisecondsOf(time: Timestamp | null | undefined): number | null {
  if (!time || time.seconds === undefined || time.seconds === null) return null;
  return Number(String(time.seconds)) * 1000 + Math.floor((time.nanos ?? 0) / 1_000_000);
}
