/** The activities of each task queue. */
import type { TaskQueue } from '#temporal/task-queues.js';
import { createAppCalls } from '../app-calls/create-app-calls.js';
import type { WorkerDeps } from '../worker-deps.js';
import { createConnectionActivities } from './connection/create-connection-activities.js';
import { createJobActivities } from './job.js';
import { createMetadataActivities } from './metadata.js';
import { createRecipeActivities } from './recipe.js';

/** One set of app calls for the process: its leases are shared by jobs, polls and metadata. */
export function createActivities(deps: WorkerDeps): Record<TaskQueue, object> & { close(): void } {
  const calls = createAppCalls(deps);
  const shared = { ...deps, calls };
  return {
    connections: createConnectionActivities(deps),
    recipes: createRecipeActivities(shared),
    jobs: { ...createJobActivities(shared), ...createMetadataActivities(shared) },
    close: () => calls.close(),
  };
}
