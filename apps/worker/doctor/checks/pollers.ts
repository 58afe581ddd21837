import type { Client } from '@temporalio/client';
import { RENEWALS_TASK_QUEUE } from '#domain/renewals-task-queue.js';
import { TASK_QUEUE } from '#temporal/task-queues.js';
import type { Check } from '../check.js';
import { problem } from '../finding.js';
import { withDeadline } from '../visibility.js';

/** temporal.api.enums.v1.TaskQueueType */
const WORKFLOW = 1;
const ACTIVITY = 2;
/** Renewals are activities only. */
const QUEUES = [
  ...Object.values(TASK_QUEUE).map((queue) => ({ queue, kind: WORKFLOW })),
  { queue: RENEWALS_TASK_QUEUE, kind: ACTIVITY },
];
/** A living worker asks anew each minute at the latest; Temporal remembers a dead one for five. */
const FRESH_MS = 90_000;

export const pollers: Check = {
  name: 'workers poll the task queues',
  needs: ['temporal'],
  async run({ temporal, config, now }) {
    const silent: string[] = [];
    for (const { queue, kind } of QUEUES) {
      const polledAt = await lastPoll(temporal, config.temporal.namespace, queue, kind);
      if (now - polledAt > FRESH_MS) silent.push(queue);
    }
    return silent.map((queue) =>
      problem('no_worker', queue, {
        what: `No worker polls the task queue "${queue}".`,
        why:
          queue === 'connections'
            ? 'Connections answer nobody and are not renewed.'
            : `The ${queue} stand still. Nothing is lost by waiting.`,
        next: 'Start a worker (`npm start`, or `node dist/bin/worker/main.js`); if one runs, look whether TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE are the same there.',
      }),
    );
  },
};

/** When a worker last asked for tasks of the queue; 0 = never. */
async function lastPoll(client: Client, namespace: string, name: string, taskQueueType: number): Promise<number> {
  const wish = { namespace, taskQueue: { name }, taskQueueType };
  const answer = await withDeadline(client, () => client.workflowService.describeTaskQueue(wish));
  return Math.max(
    0,
    ...(answer.pollers ?? []).map(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1_000),
  );
}
