/** Runs the Temporal workers of this process: one per task queue, so that a flood of jobs cannot starve renewals. */
import { Worker, type NativeConnection, type WorkerOptions } from '@temporalio/worker';
import type { DataConverter } from '@temporalio/common';
import { RENEWALS_TASK_QUEUE } from '#domain/renewals-task-queue.js';
import { TASK_QUEUE, type TaskQueue } from '#temporal/task-queues.js';
import { failureConverterPath } from '#temporal/data-converter.js';
import { JOB_ACTIVITIES_AT_ONCE } from './activities/step-slots.js';
import { workflowSource } from './workflow-bundle.js';
import { seeTemporalTime } from './see-temporal-time.js';

export interface RunnerOptions {
  connection: NativeConnection;
  namespace: string;
  dataConverter: DataConverter;
  activities: Record<TaskQueue | typeof RENEWALS_TASK_QUEUE, object>;
  cachedWorkflows: number;
}

/** Requests under way may finish after a stop is asked for. */
const SHUTDOWN_GRACE = '25 s';
const SHUTDOWN_FORCE = '40 s';

/**
 * Renewals that this process begins at once. Each costs a dozen store operations and as many calls to Temporal; beyond what the cores
 * can do, waiting in the task queue is free, and waiting inside a started activity eats its time to send. A provider that is slow
 * holds no slot (hand-off.ts).
 */
const RENEWALS_AT_ONCE = 16;
/** Workflow tasks at once, of each kind: they share one thread, and a task that is not done in 10 s is done again. */
const WORKFLOW_TASKS_AT_ONCE = 20;

export class WorkerRunner {
  private readonly workers: Worker[] = [];
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly options: RunnerOptions) {}

  /** Makes the workers and begins to poll. `onFailure` is called when one of them ends by itself. */
  async start(onFailure: (error: unknown) => void): Promise<void> {
    for (const taskQueue of Object.values(TASK_QUEUE)) this.workers.push(await this.create(taskQueue));
    this.workers.push(await Worker.create(this.renewals()));
    this.running = Promise.all(this.workers.map((worker) => worker.run())).then(() => undefined);
    this.running.catch(onFailure);
  }

  /** Stops polling and waits for activities under way. */
  async stop(): Promise<void> {
    for (const worker of this.workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    await this.running.catch(() => undefined);
  }

  private create(taskQueue: TaskQueue): Promise<Worker> {
    const { activities, cachedWorkflows } = this.options;
    return Worker.create({
      ...this.shared(),
      taskQueue,
      ...workflowSource(),
      activities: activities[taskQueue],
      maxCachedWorkflows: cachedWorkflows,
      maxConcurrentWorkflowTaskExecutions: WORKFLOW_TASKS_AT_ONCE,
      maxConcurrentActivityTaskExecutions: JOB_ACTIVITIES_AT_ONCE,
      // After a kill -9 the first query to a workflow waits so long for the dead worker.
      stickyQueueScheduleToStartTimeout: '3 s',
    });
  }

  private renewals(): WorkerOptions {
    return {
      ...this.shared(),
      taskQueue: RENEWALS_TASK_QUEUE,
      activities: this.options.activities[RENEWALS_TASK_QUEUE],
      maxConcurrentActivityTaskExecutions: RENEWALS_AT_ONCE,
    };
  }

  private shared() {
    const { connection, namespace, dataConverter } = this.options;
    return {
      connection,
      namespace,
      dataConverter: { ...dataConverter, failureConverterPath },
      shutdownGraceTime: SHUTDOWN_GRACE,
      shutdownForceTime: SHUTDOWN_FORCE,
      // Before anything of a task runs: whatever it stamps is Temporal's time.
      interceptors: { activity: [seeTemporalTime] },
      // A heartbeat is what tells within seconds that a worker died; throttling it to 80 % of the time-out is too late for 5 s.
      maxHeartbeatThrottleInterval: '1 s',
      defaultHeartbeatThrottleInterval: '1 s',
    } satisfies Partial<WorkerOptions>;
  }
}
