/** A process of its own that runs empty workflows with the settings of our workers, over the same payload key. */
import { join } from 'node:path';
import { bundleWorkflowCode, Worker } from '@temporalio/worker';
import { connectWorker } from '#temporal/connect-worker.js';
import { createDataConverter, failureConverterPath, localPayloadCodec } from '#temporal/data-converter.js';
import { readWorkerConfig } from '../../apps/worker/config/worker-config.js';
import { FLOOR_QUEUE } from './floor-workflow.js';

const QUIET = { trace() {}, debug() {}, info() {}, log() {}, warn: console.warn, error: console.error };

async function main(): Promise<void> {
  const config = readWorkerConfig(process.env);
  const codec = localPayloadCodec(config);
  const connection = await connectWorker(config.temporal);
  const workflowsPath = join(__dirname, 'floor-workflow.ts');
  const worker = await Worker.create({
    connection,
    namespace: config.temporal.namespace,
    taskQueue: FLOOR_QUEUE,
    workflowBundle: await bundleWorkflowCode({
      workflowsPath,
      failureConverterPath,
      preloadModules: [workflowsPath],
      logger: QUIET,
    }),
    activities: { nothing: async () => 'nothing' },
    dataConverter: { ...createDataConverter(codec), failureConverterPath },
    maxCachedWorkflows: config.cachedWorkflows,
    stickyQueueScheduleToStartTimeout: '3 s',
  });
  console.log(`READY {}`);
  await worker.run();
  await connection.close();
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
