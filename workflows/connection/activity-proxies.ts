/** The port to the world as the actor calls it: how long each kind of work may take, how often it is tried, and where it waits. */
import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import { RENEWALS_TASK_QUEUE } from '#domain/renewals-task-queue.js';
import type { ConnectionActivities } from './activities.js';

const HEARTBEAT = '5 s';
/** The exchange of a code: heartbeats tell within 5 s that its worker died; the retry finds what was stored (promise 3). */
export const tokenWork = proxyActivities<ConnectionActivities>({
  startToCloseTimeout: '75 s',
  heartbeatTimeout: HEARTBEAT,
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '500 ms', maximumInterval: '10 s', maximumAttempts: 4 },
});
/**
 * Renewals wait in a queue of their own: there waiting costs nothing, while in a started activity it costs heartbeats and the time to
 * send. The answer of a slow provider is awaited for two minutes; heartbeats tell earlier that nobody waits any more.
 */
export const renewing = proxyActivities<ConnectionActivities>({
  taskQueue: RENEWALS_TASK_QUEUE,
  startToCloseTimeout: '4 minutes',
  heartbeatTimeout: HEARTBEAT,
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '500 ms', maximumInterval: '10 s', maximumAttempts: 4 },
});
export const plainWork = proxyActivities<ConnectionActivities>({
  startToCloseTimeout: '60 s',
  heartbeatTimeout: HEARTBEAT,
  retry: { initialInterval: '1 s', maximumInterval: '30 s', maximumAttempts: 4 },
});
/** Telling people and waking jobs must happen in the end, however long the store is away. */
export const announcing = proxyActivities<ConnectionActivities>({
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '20 s',
  retry: { initialInterval: '1 s', maximumInterval: '1 minute' },
});
