/** Runs the Temporal workers of this process: one per task queue, so that a flood of jobs cannot starve renewals. */
import { Worker, type NativeConnection, type WorkerOptions } from '@temporalio/worker';
import type { DataConverter } from '@temporalio/common';
import { TASK_QUEUE, type TaskQueue } from '#temporal/task-queues.js';
import { failureConverterPath } from '#temporal/data-converter.js';
import { workflowSource } from './workflow-bundle.js';

export interface RunnerOptions {
  connection: NativeConnection;
  namespace: string;
  dataConverter: DataConverter;
  activities: Record<TaskQueue, object>;
  cachedWorkflows: number;
}

/** Requests under way may finish after a stop is asked for. */
const SHUTDOWN_GRACE = '25s';
const SHUTDOWN_FORCE = '40s';

export class WorkerRunner {
  private readonly workers: Worker[] = [];
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly options: RunnerOptions) {}

  /** Makes the workers and begins to poll. `onFailure` is called when one of them ends by itself. */
  async start(onFailure: (error: unknown) => void): Promise<void> {
    for (const taskQueue of Object.values(TASK_QUEUE)) this.workers.push(await this.create(taskQueue));
    this.running = Promise.all(this.workers.map((worker) => worker.run())).then(() => undefined);
    this.running.catch(onFailure);
  }

  /** Stops polling and waits for activities under way. */
  async stop(): Promise<void> {
    for (const worker of this.workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    await this.running.catch(() => undefined);
  }

  private create(taskQueue: TaskQueue): Promise<Worker> {
    const { connection, namespace, dataConverter, activities, cachedWorkflows } = this.options;
    const options: WorkerOptions = {
      connection,
      namespace,
      taskQueue,
      ...workflowSource(),
      activities: activities[taskQueue],
      dataConverter: { ...dataConverter, failureConverterPath },
      maxCachedWorkflows: cachedWorkflows,
      maxConcurrentActivityTaskExecutions: 100,
      // After a kill -9 the first query to a workflow waits so long for the dead worker.
      stickyQueueScheduleToStartTimeout: '3s',
      shutdownGraceTime: SHUTDOWN_GRACE,
      shutdownForceTime: SHUTDOWN_FORCE,
      // A heartbeat is what tells within seconds that a worker died; throttling it to 80 % of the time-out is too late for 5 s.
      maxHeartbeatThrottleInterval: '1s',
      defaultHeartbeatThrottleInterval: '1s',
    };
    return Worker.create(options);
  }
}
