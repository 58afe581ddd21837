/** Workers for connection actors alone, in a namespace of the test's own: the real bundle, and activities that the test scripts. */
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { RENEWALS_TASK_QUEUE } from '../../libs/domain/renewals-task-queue.js';
import { TASK_QUEUE } from '../../libs/temporal/task-queues.js';
import type { ConnectionActivities } from '../../workflows/connection/activities.js';
import { makeNamespace, requiredEnv } from './test-namespace.js';

export interface ActorWorkers {
  client: Client;
  close(): Promise<void>;
}

export async function startActorWorkers(
  namespace: string,
  activities: Partial<ConnectionActivities>,
): Promise<ActorWorkers> {
  const address = requiredEnv('HAWSER_TEST_TEMPORAL');
  Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('ERROR') });
  await makeNamespace(address, namespace);
  const connection = await Connection.connect({ address });
  const native = await NativeConnection.connect({ address });
  const workflowBundle = { codePath: join(__dirname, '..', '..', 'dist', 'workflow-bundle.js') };
  const common = { connection: native, namespace, activities };
  const workers = [
    await Worker.create({ ...common, taskQueue: TASK_QUEUE.connections, workflowBundle }),
    await Worker.create({ ...common, taskQueue: RENEWALS_TASK_QUEUE }),
  ];
  const runs = workers.map((worker) => worker.run());
  return {
    client: new Client({ connection, namespace }),
    async close() {
      for (const worker of workers) worker.shutdown();
      await Promise.all(runs);
      await native.close();
      await connection.close();
    },
  };
}
