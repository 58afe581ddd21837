/** Payloads that one of several processes cannot open: the work waits or is done by another, nothing fails for good. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { jobWorkflowId, mintId } from '#domain/ids.js';
import { connectClient } from '#temporal/connect-client.js';
import { createDataConverter, failureConverterPath } from '#temporal/data-converter.js';
import { createPayloadCodec } from '#temporal/payload-codec.js';
import { generatePayloadKey } from '#temporal/payload-keyring.js';
import { queryActor } from '#temporal/query-actor.js';
import { TASK_QUEUE } from '#temporal/task-queues.js';
import type { JobActivities } from '#workflows/job/activities.js';
import { bornJob } from '#workflows/job/state.js';
import { JOB_WORKFLOW, jobQuery, type JobView } from '#workflows/job/messages.js';
import { makeNamespace, requiredEnv } from '../../../test/support/test-namespace.js';
import { until } from './recipe-testing/recipe-world.js';

const oldKey = generatePayloadKey();
const newKey = generatePayloadKey();
const all = createPayloadCodec({ keyring: { keys: [newKey, oldKey] } });
const lacking = createPayloadCodec({ keyring: { keys: [oldKey] } });
const namespace = `keys-${randomUUID()}`;
const address = requiredEnv('HAWSER_TEST_TEMPORAL');
const clients = {
  all: connectClient({ address, namespace }, all),
  lacking: connectClient({ address, namespace }, lacking),
};
const LACKS = { code: 'payload_key_missing' };

let connection: NativeConnection;
let bundle: Awaited<ReturnType<typeof bundleWorkflowCode>>;
beforeAll(async () => {
  Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('ERROR', () => undefined) });
  await makeNamespace(address, namespace);
  connection = await NativeConnection.connect({ address });
  bundle = await bundleWorkflowCode({
    workflowsPath: join(__dirname, 'recipe-testing/workflows.ts'),
    failureConverterPath,
    webpackConfigHook: (config) => ({
      ...config,
      resolve: { ...config.resolve, extensionAlias: { '.js': ['.ts', '.js'] } },
    }),
    logger: new DefaultLogger('ERROR'),
  });
}, 120_000);
afterAll(async () => {
  await connection?.close();
  await clients.all.close();
  await clients.lacking.close();
});

const stops: (() => Promise<void>)[] = [];
afterEach(async () => void (await Promise.all(stops.splice(0).map((stop) => stop()))));

const steps: string[] = [];
const activities: JobActivities = {
  runStep: async ({ step }) => {
    steps.push(step.id);
    return { at: Date.now(), version: 1, input: {}, output: { id: 1 } };
  },
  look: async () => 'go',
  closedJobs: async () => [],
  readEvent: () => Promise.reject(new Error('not asked here')),
};

/** A worker with its own copy of the keyring; it runs workflows or activities. */
async function worker(codec: typeof all, does: 'workflows' | 'activities'): Promise<() => Promise<void>> {
  const made = await Worker.create({
    connection,
    namespace,
    taskQueue: TASK_QUEUE.jobs,
    dataConverter: createDataConverter(codec),
    ...(does === 'workflows' ? { workflowBundle: bundle } : { activities }),
  });
  const running = made.run();
  const stop = async (): Promise<void> => {
    if (made.getState() === 'RUNNING') made.shutdown();
    await running;
  };
  stops.push(stop);
  return stop;
}

async function startJob(): Promise<string> {
  const [workspaceId, recipeId, jobId] = [mintId('workspace'), mintId('recipe'), mintId('job')];
  const state = bornJob({
    workspaceId,
    recipeId,
    recipeVersion: 1,
    jobId,
    event: { id: 'e', recordId: 'r', data: {} } as never,
    definition: {
      trigger: { binding: 'b', operation: 'changed', input: {} },
      steps: [{ id: 'one', binding: 'b', operation: 'write', input: {} }],
      concurrency: 1,
    },
    bindings: { b: { app: 'tiny', connectionId: mintId('connection') } },
    at: Date.now(),
  });
  const workflowId = jobWorkflowId(workspaceId, jobId);
  await clients.all.client.workflow.start(JOB_WORKFLOW, {
    workflowId,
    taskQueue: TASK_QUEUE.jobs,
    args: [{ state, after: null }],
  });
  return workflowId;
}

const seenBy = (who: keyof typeof clients, workflowId: string): Promise<JobView> =>
  queryActor(clients[who].client, { workflowId, query: jobQuery, args: [], deadlineMs: 5_000 });

test('g37: a step that its worker cannot read waits, and is done by a worker that can', async () => {
  await worker(all, 'workflows');
  const stopLacking = await worker(lacking, 'activities');
  const workflowId = await startJob();
  const parked = await until(
    () => seenBy('all', workflowId),
    ({ status }) => status === 'waiting' || status === 'failed',
    'the job parks',
  );
  expect(parked).toMatchObject({ status: 'waiting', waitingFor: LACKS, steps: [{ error: LACKS }] });
  expect(steps).toEqual([]);
  await expect(seenBy('lacking', workflowId)).rejects.toMatchObject(LACKS);
  await stopLacking();
  await worker(all, 'activities');
  await until(
    () => seenBy('all', workflowId),
    ({ status }) => status === 'succeeded',
    'the job is done',
  );
  expect(steps).toEqual(['one']);
}, 60_000);
