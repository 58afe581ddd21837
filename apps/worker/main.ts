/** The worker process: `node dist/bin/worker/main.js`. Prints `READY {json}` when it polls. */
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { hideSecretSettings } from '#telemetry/hide-environment.js';
import { createLogger } from '#telemetry/logger.js';
import { requireReachable } from '#temporal/require-temporal.js';
import { readWorkerConfig } from './config/worker-config.js';
import { WorkerModule, WorkerProcess } from './worker-module.js';

async function main(): Promise<void> {
  hideSecretSettings();
  // Before the logger: it reads a setting too.
  const config = readWorkerConfig(process.env);
  const log = createLogger({ service: 'worker' });
  // Before any other Temporal object. Nest alone owns the signals: both trapping them shuts down twice.
  Runtime.install({
    shutdownSignals: [],
    ...(config.sdkMetricsPort !== null && {
      telemetryOptions: {
        metrics: { prometheus: { bindAddress: `${config.metrics.bind}:${config.sdkMetricsPort}` } },
      },
    }),
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      const { error, ...temporal } = meta ?? {};
      log[level === 'ERROR' ? 'error' : 'warn']({ temporal, error }, message);
    }),
  });
  // Here and not by a provider: Nest would print a stack before the sentence.
  await requireReachable(config.temporal);
  const app = await NestFactory.createApplicationContext(WorkerModule.forConfig(config), {
    logger: ['error', 'warn'],
    abortOnError: false,
  });
  app.enableShutdownHooks(['SIGTERM', 'SIGINT']);
  await app.get(WorkerProcess).start();
  console.log(`READY ${JSON.stringify({ pid: process.pid })}`);
}

void main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
