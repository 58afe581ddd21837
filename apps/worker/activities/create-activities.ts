/** The activities of each task queue. */
import type { RENEWALS_TASK_QUEUE } from '#domain/renewals-task-queue.js';
import type { TaskQueue } from '#temporal/task-queues.js';
import { createAppCalls } from '../app-calls/create-app-calls.js';
import type { WorkerDeps } from '../worker-deps.js';
import { createConnectionActivities } from './connection/create-connection-activities.js';
import { createJobActivities } from './job.js';
import { createMetadataActivities } from './metadata.js';
import { createRecipeActivities } from './recipe.js';
import { SLOT_LIMITS } from './step-slots.js';

/** Answers that are on their way when the process ends get so long. */
const DRAIN_MS = 40_000;

/** One set of app calls for the process: its leases are shared by jobs, polls and metadata. */
export function createActivities(
  deps: WorkerDeps,
): Record<TaskQueue | typeof RENEWALS_TASK_QUEUE, object> & { close(): Promise<void> } {
  const calls = createAppCalls(deps);
  const slots = { ...SLOT_LIMITS, perConnection: deps.config.stepsPerConnection };
  const shared = { ...deps, calls, slots };
  const { activities, drain } = createConnectionActivities(deps);
  return {
    // Renewals stay here too, for runs that were begun by an older build.
    connections: activities,
    renewals: { refresh: activities.refresh },
    recipes: createRecipeActivities(shared),
    jobs: { ...createJobActivities(shared), ...createMetadataActivities(shared) },
    close: async () => {
      await drain(DRAIN_MS);
      calls.close();
    },
  };
}
