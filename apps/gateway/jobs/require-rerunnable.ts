/** What stands in the way of a rerun, each with its cure. */
import type { JobView } from '#workflows/job/messages.js';
import { ProblemError } from '../problems/problem-error.js';
import type { JobsOfRecord } from './newer-jobs.js';
import type { PlannedRerun } from './plan-rerun.js';

/** Failed and cancelled jobs can be rerun; one that waits is cancelled first. A step under way is nobody's to end. */
export function requireRerunnable(job: JobView): void {
  if (job.status !== 'running' && job.status !== 'succeeded') return;
  throw new ProblemError(
    'conflict',
    `Only failed, cancelled and waiting jobs can be rerun; this one is ${job.status}.`,
    {
      cure: job.endedAt === null ? 'Wait until it ends, or cancel it.' : 'Nothing is to be done.',
    },
  );
}

/** Writes that were done and that the version does not count as done are confirmed by the ids of their steps. */
export function requireConfirmed({ left, recipeVersion }: PlannedRerun, confirmed: readonly string[]): void {
  const open = left.filter(({ id }) => !confirmed.includes(id));
  if (open.length === 0) return;
  const writes = open.map(({ id, operation, connectionId }) => `"${id}" (${operation} through ${connectionId})`);
  throw new ProblemError(
    'conflict',
    `These writes of the job were done, and version ${recipeVersion} does not count them as done: ${writes.join(', ')}. A rerun leaves them as they are, and may do them a second time.`,
    {
      cure: `Look at them in the app, then send ${JSON.stringify({ confirm: open.map(({ id }) => id) })} with the rerun.`,
    },
  );
}

/** The record's newest data must not be overwritten by older ones unless somebody wants that. */
export function requireNewest({ succeeded, openLater }: JobsOfRecord): void {
  const newer = succeeded ?? openLater;
  if (!newer) return;
  const what = succeeded
    ? `A later change of the same record has been done already, by the job ${newer.jobId}. A rerun would put the older data over it.`
    : `A later change of the same record is ${newer.status}, by the job ${newer.jobId}. A rerun could put the older data over it.`;
  const cure = succeeded ? 'Nothing is to be done.' : 'Wait until that job has ended, or cancel it.';
  throw new ProblemError('conflict', what, {
    cure: `${cure} To rerun this one all the same send {"force": true}.`,
    users: [{ type: 'job', id: newer.jobId, name: null }],
  });
}
