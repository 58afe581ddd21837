/** The job's activities. */
import type { Client } from '@temporalio/client';
import type { Logger } from '#telemetry/logger.js';
import type { Events } from '#telemetry/events.js';
import type { JobActivities } from '#workflows/job/activities.js';
import type { AppCalls } from '../app-calls/create-app-calls.js';
import { closedJobs } from './job-closed.js';
import { lookAtConnection } from './job-look.js';
import { runStep } from './job-run-step.js';

export interface JobActivityDeps {
  calls: Pick<AppCalls, 'actor' | 'caller'>;
  client: Client;
  events: Pick<Events, 'jobParked' | 'jobEnded'>;
  logger: Pick<Logger, 'error'>;
}

export function createJobActivities(deps: JobActivityDeps): JobActivities {
  return {
    runStep: (input) => runStep(deps, input),
    look: (input) => lookAtConnection(deps.calls.actor, input),
    closedJobs: ({ workspaceId, jobIds }) => closedJobs(deps.client, workspaceId, jobIds),
  };
}
