/** The Nest application context of the worker: it opens the parts, runs the Temporal workers, and closes all in order. */
import { rmSync } from 'node:fs';
import { Inject, Injectable, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { NativeConnection } from '@temporalio/worker';
import { createLogger, type Logger } from '#telemetry/logger.js';
import { startMetricsServer, type MetricsServer } from '#telemetry/metrics-server.js';
import { startCodecServer, type CodecServer } from '#temporal/codec-server.js';
import { connectWorker } from '#temporal/connect-worker.js';
import { createDataConverter } from '#temporal/data-converter.js';
import { requireTemporal } from '#temporal/require-temporal.js';
import { createActivities } from './activities/create-activities.js';
import type { WorkerConfig } from './config/worker-config.js';
import { openWorkerDeps, type WorkerDeps } from './worker-deps.js';
import { addStateGauges } from './state-gauges.js';
import { WorkerRunner } from './worker-runner.js';

const DEPS = Symbol('WorkerDeps');
const LOGGER = Symbol('Logger');
const CONNECTION = Symbol('NativeConnection');

/** Starts and stops what the process runs. */
@Injectable()
export class WorkerProcess implements OnApplicationShutdown {
  private runner: WorkerRunner | null = null;
  private codecServer: CodecServer | null = null;
  private metricsServer: MetricsServer | null = null;
  private activities: ReturnType<typeof createActivities> | null = null;

  constructor(
    @Inject(DEPS) private readonly deps: WorkerDeps,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(CONNECTION) private readonly connection: NativeConnection,
  ) {}

  /** Begins to poll. A worker that ends by itself ends the process: the supervisor starts it again. */
  async start(): Promise<void> {
    const { config, codec, client, metrics } = this.deps;
    await requireTemporal(client, config.temporal);
    addStateGauges(metrics, client);
    this.metricsServer = await startMetricsServer(metrics, config.metrics);
    if (config.codec !== null && config.temporalUiOrigin !== null) {
      const { token, ...place } = { token: undefined, ...config.codec };
      // One that a killed worker has left.
      if (place && 'socket' in place) rmSync(place.socket, { force: true });
      this.codecServer = await startCodecServer({
        codec,
        ...place,
        uiOrigin: config.temporalUiOrigin,
        ...(token && { token }),
      });
    }
    this.activities = createActivities(this.deps);
    this.runner = new WorkerRunner({
      connection: this.connection,
      namespace: config.temporal.namespace,
      dataConverter: createDataConverter(codec),
      activities: this.activities,
      cachedWorkflows: config.cachedWorkflows,
    });
    await this.runner.start((error) => {
      this.logger.fatal({ error }, 'A Temporal worker has ended by itself.');
      process.exit(1);
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.runner?.stop();
    await this.activities?.close();
    await this.codecServer?.close();
    await this.metricsServer?.close();
    await this.connection.close();
    await this.deps.close();
  }
}

@Module({})
export class WorkerModule {
  static forConfig(config: WorkerConfig): DynamicModule {
    const logger = createLogger({ service: 'worker' });
    return {
      module: WorkerModule,
      providers: [
        { provide: LOGGER, useValue: logger },
        { provide: DEPS, useFactory: () => openWorkerDeps(config, logger) },
        { provide: CONNECTION, useFactory: () => connectWorker(config.temporal) },
        WorkerProcess,
      ],
    };
  }
}
