/** The check at the end of each test file sees what it is there for: a run that the server ends at a limit, and a task that fails. */
import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { eventually } from './eventually.js';
import { brokenRuns } from './broken-runs.js';
import { makeNamespace, requiredEnv } from './test-namespace.js';
import { expectBrokenRuns } from './watched-namespaces.js';
import { temporal } from '@temporalio/proto';

const address = requiredEnv('HAWSER_TEST_TEMPORAL');
const namespace = `broken-${randomBytes(4).toString('hex')}`;
const TASK_QUEUE = 'nobody';
/** One event each, above the limit of the tests' server (scripts/stack/test-limits.mjs). */
const SIGNALS = 1_010;

let client: Client;
let connection: Connection;
beforeAll(async () => {
  await makeNamespace(address, namespace);
  connection = await Connection.connect({ address });
  client = new Client({ connection, namespace });
}, 60_000);
afterAll(() => connection?.close());
jest.setTimeout(60_000);

const broken = () => brokenRuns([{ address, namespace, since: 0 }]);

test('a run that grows without bound is terminated by the server, and named', async () => {
  expectBrokenRuns(/^grows grows-1: terminated by the server/);
  const run = await client.workflow.start('grows', { workflowId: 'grows-1', taskQueue: TASK_QUEUE });
  let sent = 0;
  const sendSome = async (): Promise<void> => {
    while (sent++ < SIGNALS) await run.signal('again').catch(() => {});
  };
  await Promise.all(Array.from({ length: 20 }, sendSome));
  await eventually('its end', async () => (await run.describe()).status.name === 'TERMINATED');
  await eventually('it to be found', async () =>
    (await broken()).some((line) => line.startsWith('grows grows-1: terminated by the server')),
  );
});

test('a workflow task that fails is named, though the run lives on', async () => {
  expectBrokenRuns(/^stalls stalls-1: workflow task failed .* no such code/);
  await client.workflow.start('stalls', { workflowId: 'stalls-1', taskQueue: `${TASK_QUEUE}-2` });
  const poll = {
    namespace,
    taskQueue: { name: `${TASK_QUEUE}-2` },
    identity: 'test',
  };
  const task = await connection.withDeadline(Date.now() + 20_000, () =>
    connection.workflowService.pollWorkflowTaskQueue(poll),
  );
  await connection.workflowService.respondWorkflowTaskFailed({
    namespace,
    taskToken: task.taskToken,
    cause: temporal.api.enums.v1.WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE,
    failure: { message: 'no such code' },
  });
  await eventually('it to be found', async () =>
    (await broken()).some((line) => line.startsWith('stalls stalls-1: workflow task failed')),
  );
});

test('a run that somebody else terminates is not broken', async () => {
  const run = await client.workflow.start('ended', { workflowId: 'ended-1', taskQueue: TASK_QUEUE });
  await run.terminate('by hand');
  await eventually('it to be visible', async () => (await client.workflow.count(`WorkflowId = 'ended-1'`)).count === 1);
  expect((await broken()).filter((line) => line.includes('ended-1'))).toEqual([]);
});
