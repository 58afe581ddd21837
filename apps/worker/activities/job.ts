/** The job's activities, as the worker registers them. */
import { HawserError } from '#domain/errors.js';
import type { JobActivities, RunStepInput, RunStepOutcome } from '#workflows/job/activities.js';
import { toFailure } from '../app-calls/to-failure.js';
import { closedJobs } from './job-closed.js';
import type { JobActivityDeps } from './job-deps.js';
import { lookAtConnection } from './job-look.js';
import { readEvent } from './job-read-event.js';
import { runStep } from './job-run-step.js';
import { StepSlots } from './step-slots.js';

export function createJobActivities(deps: JobActivityDeps): JobActivities {
  const slots = new StepSlots(deps.slots);
  return {
    runStep: (input) => withSlot(slots, input, () => runStep(deps, input)),
    readEvent: (input) => readEvent(deps, input),
    look: (input) => lookAtConnection(deps.calls.actor, input),
    closedJobs: ({ workspaceId, jobIds }) => closedJobs(deps.client, workspaceId, jobIds),
  };
}

/** The refusal is a step's failure like any other, but nothing was begun: no lease, no mark. */
function withSlot(slots: StepSlots, input: RunStepInput, work: () => Promise<RunStepOutcome>): Promise<RunStepOutcome> {
  return slots.run(input.connectionId, work).catch((error: unknown) => {
    throw error instanceof HawserError ? toFailure(error, { connectionId: input.connectionId }) : error;
  });
}
