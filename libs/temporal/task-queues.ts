/** Task queues, one per kind of workflow: a flood of jobs cannot starve the connection actors. */
export const TASK_QUEUE = {
  connections: 'connections',
  recipes: 'recipes',
  jobs: 'jobs',
} as const;

export type TaskQueue = (typeof TASK_QUEUE)[keyof typeof TASK_QUEUE];
