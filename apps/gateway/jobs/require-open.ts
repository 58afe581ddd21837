import type { JobView } from '#workflows/job/messages.js';
import { ProblemError } from '../problems/problem-error.js';

/** 409 for a job that has ended. */
export function requireOpen(job: JobView): void {
  if (job.endedAt === null) return;
  throw new ProblemError('conflict', `The job has ended already (${job.status}).`, {
    cure:
      job.status === 'failed' || job.status === 'cancelled'
        ? 'Rerun it: POST /v1/jobs/:id/rerun.'
        : 'Nothing is to be done.',
  });
}
