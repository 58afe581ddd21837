/** The job's activities, as the worker registers them. */
import type { JobActivities } from '#workflows/job/activities.js';
import { closedJobs } from './job-closed.js';
import type { JobActivityDeps } from './job-deps.js';
import { lookAtConnection } from './job-look.js';
import { readEvent } from './job-read-event.js';
import { runStep } from './job-run-step.js';

export function createJobActivities(deps: JobActivityDeps): JobActivities {
  return {
    runStep: (input) => runStep(deps, input),
    readEvent: (input) => readEvent(deps, input),
    look: (input) => lookAtConnection(deps.calls.actor, input),
    closedJobs: ({ workspaceId, jobIds }) => closedJobs(deps.client, workspaceId, jobIds),
  };
}
