/** The connection actor on a real Temporal server: wild messages, and messages while it would like to go on in a new run. */
import { randomBytes } from 'node:crypto';
import { Context } from '@temporalio/activity';
import type { Client, WorkflowHandle } from '@temporalio/client';
import fc from 'fast-check';
import { TASK_QUEUE } from '#temporal/task-queues.js';
import type { ConnectionActivities } from '#workflows/connection/activities.js';
import {
  authorizeUpdate,
  cancelAttemptUpdate,
  disconnectUpdate,
  lateAnswerSignal,
  reconfigureUpdate,
  statusQuery,
} from '#workflows/connection/messages.js';
import { faultOfUpdate } from '#workflows/connection/fault-of-update.js';
import type { ConnectionState } from '#workflows/connection/state.js';
import { startActorWorkers, type ActorWorkers } from '../support/actor-workers.js';
import { connected } from '../support/connection-states.js';
import { eventually } from '../support/eventually.js';
import { fuzzSeed } from '../support/fuzz-seed.js';
import { CONNECTION_MESSAGES, wildInput } from './wild-messages.js';

const namespace = `messages-${randomBytes(5).toString('hex')}`;
/** Of each message: `npm test` has to be quick, and the thousands are tried on the readers alone. */
const EACH = process.env['HAWSER_PROOF'] === 'full' ? 50 : 6;
let actors: ActorWorkers;
let client: Client;
let announcing = (): Promise<void> => Promise.resolve();
/** By the actor: the wild one before may have been disconnected by chance, and destroy what it had. */
const destroyed = new Map<string, { from: number; to: number }[]>();

/** A store and an app that have nothing to say. */
const activities: Partial<ConnectionActivities> = {
  announce: () => announcing(),
  refresh: ({ version }) => Promise.resolve({ kind: 'nothing', at: Date.now(), jitter: 0, version }),
  verify: ({ state }) =>
    Promise.resolve({
      kind: 'unanswered',
      at: Date.now(),
      jitter: 0,
      version: state.credential?.version ?? 0,
      code: 'app_unavailable',
    }),
  checkAttempt: () => Promise.resolve({ at: Date.now(), answered: false }),
  exchange: ({ attemptId }) =>
    Promise.resolve({ kind: 'failed', at: Date.now(), jitter: 0, attemptId, code: 'code_rejected', stored: false }),
  retire: ({ retired: { fromVersion, toVersion } }) => {
    const workflowId = Context.current().info.workflowExecution?.workflowId ?? '';
    destroyed.set(workflowId, [...(destroyed.get(workflowId) ?? []), { from: fromVersion, to: toVersion }]);
    return Promise.resolve({ kind: 'destroyed', at: Date.now(), jitter: 0, fromVersion, toVersion });
  },
};

beforeAll(async () => {
  actors = await startActorWorkers(namespace, activities);
  client = actors.client;
}, 60_000);

afterAll(async () => {
  announcing = () => Promise.resolve();
  await actors?.close();
});

/** Alive now: the states of the tests stand in the past. */
function living(): ConnectionState {
  const state = connected();
  const credential = { ...state.credential!, obtainedAt: Date.now(), accessExpiresAt: Date.now() + 3_600_000 };
  return { ...state, credential: { ...credential, refreshExpiresAt: null } };
}

async function start(name: string, state = living()): Promise<WorkflowHandle> {
  const workflowId = `connection/ws_test/${name}`;
  await client.workflow.start('connectionWorkflow', {
    workflowId,
    taskQueue: TASK_QUEUE.connections,
    args: [{ state }],
  });
  return client.workflow.getHandle(workflowId);
}

/** Whether a task failed is looked at for every run after each test file (`test/support/broken-runs.ts`). */
test('g12: wild signals, updates and queries fail no task and end no run', async () => {
  const actor = await start('wild');
  const inputs = (fits: Parameters<typeof wildInput>[0]) =>
    fc.sample(wildInput(fits), { numRuns: EACH, seed: fuzzSeed() });
  const { signals, updates, queries } = CONNECTION_MESSAGES;
  await Promise.all(
    Object.entries(signals).map(async ([name, fits]) => {
      for (const input of inputs(fits)) await actor.signal(name, input);
    }),
  );
  // What fits by chance does what it says, but for a deletion: it would end the run.
  for (const [name, fits] of Object.entries(updates)) {
    for (const input of inputs(fits)) {
      if (name === 'delete' && faultOfUpdate('delete', input, Date.now()) === null) continue;
      const answered = await actor.executeUpdate(name, { args: [input] }).then(
        () => 'taken',
        (error: Error) => String(error.cause ?? error),
      );
      expect(answered).toMatch(/taken|is not valid|No candidate/);
    }
  }
  for (const name of queries) for (const input of inputs({})) await actor.query(name, input).catch(() => undefined);
  expect((await actor.describe()).status.name).toBe('RUNNING');
}, 60_000);

test('g12: a late answer of a version that cannot be loops over nothing, and destroys what it should', async () => {
  const actor = await start('late');
  for (const version of [-1_000_000_000, 0.5, -0.5, 0, Number.MIN_VALUE, 1e300])
    await actor.signal(lateAnswerSignal, { version });
  await actor.executeUpdate(disconnectUpdate, { args: [{ by: 'person' }] });
  await eventually('the credential to be destroyed', async () => destroyed.has(actor.workflowId));
  expect(destroyed.get(actor.workflowId)).toEqual([{ from: 1, to: 1 }]);
  await actor.terminate();
}, 30_000);

test('g10: while an announcement hangs, an actor that is to roll takes messages as ever, and rolls after it', async () => {
  let release = (): void => undefined;
  const hangs = new Promise<void>((resolve) => (release = resolve));
  let begun = 0;
  announcing = () => {
    begun += 1;
    return hangs;
  };
  const actor = await start('rolls');
  const { runId } = await actor.describe();
  await actor.executeUpdate(reconfigureUpdate, { args: [{ name: 'One' }] });
  await eventually('the announcement to hang', async () => begun === 1);
  await actor.signal('roll');
  const attemptId = 'att_while_it_hangs';
  const expiresAt = Date.now() + 60_000;
  expect(await actor.executeUpdate(reconfigureUpdate, { args: [{ name: 'Two' }] })).toMatchObject({ name: 'Two' });
  await actor.executeUpdate(authorizeUpdate, { args: [{ attemptId, expiresAt, by: 'person' }] });
  await actor.executeUpdate('verify', { args: [{ by: 'person', seenProof: 9, requirements: ['x:read'] }] });
  await actor.executeUpdate(cancelAttemptUpdate, { args: [{ attemptId }] });
  expect((await actor.describe()).runId).toBe(runId);
  release();
  await eventually('the new run', async () => (await actor.describe()).runId !== runId);
  expect(await actor.query(statusQuery)).toMatchObject({ name: 'Two', attempt: null, status: 'connected' });
  expect(await actor.executeUpdate(disconnectUpdate, { args: [{ by: 'person' }] })).toMatchObject({
    status: 'disconnected',
  });
  await actor.terminate();
}, 30_000);
