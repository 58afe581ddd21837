/** The actor goes on in a new run also where there is always something to do: no work, failing or not, grows a history without end. */
import { randomBytes } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { TASK_QUEUE } from '#temporal/task-queues.js';
import { eventually } from '../../test/support/eventually.js';
import { connected, draft, NOW } from '../../test/support/connection-states.js';
import { startActorWorkers, type ActorWorkers } from '../../test/support/actor-workers.js';
import type { ConnectionActivities, RetireInput } from './activities.js';
import type { ConnectionState } from './state.js';

const namespace = `rolls-${randomBytes(5).toString('hex')}`;
let actors: ActorWorkers;
let client: Client;
let announcing = (): Promise<void> => Promise.resolve();

/** An app that wants a renewal before each revocation, for ever; a store that cannot be read. */
const activities: Partial<ConnectionActivities> = {
  retire: ({ retired }: RetireInput) =>
    Promise.resolve({ ...retired, at: Date.now(), jitter: 0, kind: 'renew' } as never),
  reconcile: () => Promise.reject(new Error('The store is away.')),
  announce: () => announcing(),
};

beforeAll(async () => {
  actors = await startActorWorkers(namespace, activities);
  client = actors.client;
}, 60_000);

afterAll(async () => {
  await actors?.close();
});

async function start(name: string, state: ConnectionState) {
  const workflowId = `connection/ws_test/${name}`;
  const args = [{ state }];
  return client.workflow.start('connectionWorkflow', { workflowId, taskQueue: TASK_QUEUE.connections, args });
}

async function rolledOnce(workflowId: string, firstRunId: string): Promise<string | undefined> {
  const { runId, historyLength, status } = await client.workflow.getHandle(workflowId).describe();
  expect(status.name).toBe('RUNNING');
  expect(historyLength).toBeLessThan(700);
  return runId === firstRunId ? undefined : runId;
}

const givenUp = (): ConnectionState => ({
  ...draft(),
  retired: [{ fromVersion: 1, toVersion: 1, revoke: true, notBefore: NOW, until: NOW, tries: 0 }],
});

test('g02: work that never ends is carried over, long before the history is too long', async () => {
  const { workflowId, firstExecutionRunId } = await start('endless', givenUp());
  await eventually('a new run', () => rolledOnce(workflowId, firstExecutionRunId));
  const { events } = await client.workflow.getHandle(workflowId, firstExecutionRunId).fetchHistory();
  expect(events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes).toBeTruthy();
  expect(events?.length).toBeLessThan(260);
  await client.workflow.getHandle(workflowId).terminate();
}, 40_000);

test('g02: work that only fails meets the roll check too', async () => {
  const { workflowId, firstExecutionRunId } = await start('failing', { ...connected(), unreconciled: true });
  await client.workflow.getHandle(workflowId).signal('roll');
  await eventually('a new run', () => rolledOnce(workflowId, firstExecutionRunId));
  await client.workflow.getHandle(workflowId).terminate();
}, 40_000);

test('g02: an announcement that hangs holds up an overdue run for a while only', async () => {
  let told = 0;
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  announcing = () => {
    told += 1;
    return released;
  };
  const announced = { ...givenUp(), announcements: [] as ConnectionState['announcements'] };
  announced.announcements.push({
    sequence: 1,
    kind: 'settings',
    from: 'draft',
    to: 'draft',
    code: null,
    wakeConnection: false,
    wakeRequirements: [],
    closeAttempts: [],
    at: NOW,
  });
  const { workflowId, firstExecutionRunId } = await start('hanging', { ...announced, announcementCount: 1 });
  await eventually('a new run', () => rolledOnce(workflowId, firstExecutionRunId));
  await eventually('the announcement to be begun again', async () => told > 1);
  release();
  await client.workflow.getHandle(workflowId).terminate();
}, 40_000);
