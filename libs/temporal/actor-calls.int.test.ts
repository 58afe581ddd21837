import { randomBytes } from 'node:crypto';
import { Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { connectClient, type TemporalClient } from './connect-client.js';
import { connectWorker } from './connect-worker.js';
import { createDataConverter, failureConverterPath } from './data-converter.js';
import { createPayloadCodec } from './payload-codec.js';
import { generatePayloadKey } from './payload-keyring.js';
import { queryActor } from './query-actor.js';
import { signalActor } from './signal-actor.js';
import {
  addUpdate,
  failInActivityUpdate,
  finishSignal,
  HOLD,
  refuseUpdate,
  releaseSignal,
  rollingQuery,
  ROLL_AT,
  rollSignal,
  runsQuery,
} from './testing/echo-actor.js';
import { updateActor } from './update-actor.js';

const CANARY = 'planted-in-a-payload';
const codec = createPayloadCodec({ keyring: { keys: [generatePayloadKey()] } });
const run = randomBytes(6).toString('hex');
const taskQueue = `echo-${run}`;
const namespace = 'default';
const activities = { fails: (text: string) => Promise.reject(new TypeError(text)) };
let temporalClient: TemporalClient;
let connection: NativeConnection;
let worker: Worker;
let running: Promise<void>;

beforeAll(async () => {
  const address = process.env['HAWSER_TEST_TEMPORAL'];
  if (!address)
    throw new Error('HAWSER_TEST_TEMPORAL is not set: run `npm test`, or start a Temporal server and set it.');
  Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('ERROR') });
  temporalClient = connectClient({ address, namespace }, codec);
  connection = await connectWorker({ address, namespace });
  const workflowBundle = await bundleWorkflowCode({
    workflowsPath: require.resolve('./testing/echo-actor'),
    failureConverterPath,
    logger: new DefaultLogger('ERROR'),
  });
  worker = await Worker.create({
    connection,
    namespace,
    taskQueue,
    workflowBundle,
    dataConverter: createDataConverter(codec),
    activities,
  });
  running = worker.run();
}, 60_000);

afterAll(async () => {
  if (worker?.getState() === 'RUNNING') worker.shutdown();
  await running;
  await connection?.close();
  await temporalClient?.close();
});

async function startEcho(name: string, queue = taskQueue): Promise<string> {
  const workflowId = `echo-${run}-${name}`;
  await temporalClient.client.workflow.start('echoActor', { workflowId, taskQueue: queue, args: [] });
  return workflowId;
}

/** Whether the present run has accepted an update. */
async function startedHandlers(workflowId: string): Promise<boolean> {
  const { history } = await temporalClient.client.workflowService.getWorkflowExecutionHistory({
    namespace,
    execution: { workflowId },
  });
  return history?.events?.some((event) => event.workflowExecutionUpdateAcceptedEventAttributes) ?? false;
}

/** Everything that Temporal keeps of a run, as bytes. */
async function historyBytes(workflowId: string): Promise<Buffer> {
  const answer = await temporalClient.client.workflowService.getWorkflowExecutionHistory({
    namespace,
    execution: { workflowId },
  });
  expect(answer.history?.events?.length).toBeGreaterThan(3);
  return Buffer.from(temporal.api.history.v1.History.encode(answer.history!).finish());
}

describe('calls to an actor on a real server', () => {
  it('all succeed, each once, while the actor rolls over again and again', async () => {
    const { client } = temporalClient;
    const workflowId = await startEcho('rolls');
    const wishes = Array.from({ length: 40 }, (_, index) => `key${index}`);
    await Promise.all(
      wishes.map((key) =>
        updateActor(client, {
          workflowId,
          update: addUpdate,
          args: [{ key, text: CANARY }],
          updateId: key,
          deadlineMs: 30_000,
        }),
      ),
    );
    const { keys, runs } = await queryActor(client, { workflowId, query: runsQuery, args: [], deadlineMs: 5_000 });
    expect(keys.sort()).toEqual(wishes.sort());
    // Ten in flight may finish between two gates, so a run takes between ROLL_AT keys and ROLL_AT + 10.
    expect(runs).toBeGreaterThan(wishes.length / (ROLL_AT + 10));
  }, 40_000);

  it('that come while the actor rolls over are sent again, and reach the new run', async () => {
    const workflowId = await startEcho('gate');
    const sent: string[] = [];
    let sentAgain = (): void => undefined;
    const secondTry = new Promise<void>((resolve) => (sentAgain = resolve));
    const { connection: wire, options } = temporalClient.client;
    const client = new Client({
      connection: wire,
      namespace,
      dataConverter: options.loadedDataConverter as never,
      interceptors: {
        workflow: [
          {
            startUpdate(input, next) {
              sent.push(input.options.updateId!);
              if (sent.filter((id) => id === 'late').length === 2) sentAgain();
              return next(input);
            },
          },
        ],
      },
    });
    const add = (key: string, text: string) =>
      updateActor(client, { workflowId, update: addUpdate, args: [{ key, text }], updateId: key, deadlineMs: 15_000 });
    const held = add('held', HOLD);
    // Accepted: the handler holds the gate open from here on.
    while (!(await startedHandlers(workflowId)))
      await queryActor(client, { workflowId, query: runsQuery, args: [], deadlineMs: 5_000 });
    await signalActor(client, { workflowId, signal: rollSignal, args: [], deadlineMs: 5_000 });
    // A signal is delivered before it is worked on: an update in the same workflow task would still be taken.
    while (!(await queryActor(client, { workflowId, query: rollingQuery, args: [], deadlineMs: 5_000 })));
    const late = add('late', '');
    await secondTry;
    await signalActor(client, { workflowId, signal: releaseSignal, args: [], deadlineMs: 5_000 });
    await expect(Promise.all([held, late])).resolves.toEqual([1, 2]);
    await expect(queryActor(client, { workflowId, query: runsQuery, args: [], deadlineMs: 5_000 })).resolves.toEqual({
      keys: ['held', 'late'],
      runs: 2,
    });
  }, 30_000);

  it("carry the actor's own refusal to the caller, and nothing of it in plain to the server", async () => {
    const { client } = temporalClient;
    const workflowId = await startEcho('refuses');
    await expect(
      updateActor(client, {
        workflowId,
        update: addUpdate,
        args: [{ key: 'k', text: CANARY }],
        updateId: 'u1',
        deadlineMs: 5_000,
      }),
    ).resolves.toBe(1);
    const refused = updateActor(client, {
      workflowId,
      update: refuseUpdate,
      args: [CANARY],
      updateId: 'u2',
      deadlineMs: 5_000,
    });
    await expect(refused).rejects.toMatchObject({ name: 'HawserError', code: 'in_use', detail: CANARY });
    const failed = updateActor(client, {
      workflowId,
      update: failInActivityUpdate,
      args: [CANARY],
      updateId: 'u3',
      deadlineMs: 5_000,
    });
    await expect(failed).resolves.toContain(CANARY);
    const bytes = await historyBytes(workflowId);
    expect(bytes.includes('in_use')).toBe(true);
    for (const form of [
      CANARY,
      Buffer.from(CANARY).toString('base64').replace(/=+$/, ''),
      'echo-actor.ts',
      'actor-calls.int',
    ])
      expect(bytes.includes(form)).toBe(false);
  }, 20_000);

  it('take a plain signal, as the Web UI sends it', async () => {
    const { client } = temporalClient;
    const workflowId = await startEcho('by-hand');
    await client.workflowService.signalWorkflowExecution({
      namespace,
      workflowExecution: { workflowId },
      signalName: 'addByHand',
      input: {
        payloads: [{ metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('{"key":"by hand"}') }],
      },
    });
    const { keys } = await queryActor(client, { workflowId, query: runsQuery, args: [], deadlineMs: 5_000 });
    expect(keys).toEqual(['by hand']);
  }, 20_000);

  it('name a closed actor and one that never was', async () => {
    const { client } = temporalClient;
    const workflowId = await startEcho('closes');
    await signalActor(client, { workflowId, signal: finishSignal, args: [], deadlineMs: 5_000 });
    await client.workflow.getHandle(workflowId).result();
    const query = { workflowId, query: runsQuery, args: [] as [], deadlineMs: 5_000 };
    await expect(queryActor(client, query)).resolves.toEqual({ keys: [], runs: 1 });
    await expect(queryActor(client, { ...query, openOnly: true })).rejects.toMatchObject({ code: 'actor_lost' });
    await expect(
      queryActor(client, { ...query, openOnly: true, whenLost: 'connection_deleted' }),
    ).rejects.toMatchObject({ code: 'connection_deleted' });
    const update = {
      update: addUpdate,
      args: [{ key: 'k', text: '' }] as [{ key: string; text: string }],
      updateId: 'u',
      deadlineMs: 5_000,
    };
    await expect(updateActor(client, { ...update, workflowId })).rejects.toMatchObject({ code: 'actor_lost' });
    await expect(
      updateActor(client, { ...update, workflowId: 'never-was', whenLost: 'not_found' }),
    ).rejects.toMatchObject({ code: 'not_found' });
    await expect(queryActor(client, { ...query, workflowId: 'never-was' })).rejects.toMatchObject({
      code: 'actor_lost',
    });
    await expect(
      signalActor(client, { workflowId: 'never-was', signal: finishSignal, args: [], deadlineMs: 5_000 }),
    ).rejects.toMatchObject({ code: 'actor_lost' });
  }, 20_000);

  it('give up at their deadline where no worker polls', async () => {
    const { client } = temporalClient;
    const workflowId = await startEcho('no-worker', `nobody-${run}`);
    const began = Date.now();
    const wish = {
      workflowId,
      update: addUpdate,
      args: [{ key: 'k', text: '' }] as [{ key: string; text: string }],
      updateId: 'u',
      deadlineMs: 700,
    };
    await expect(updateActor(client, wish)).rejects.toMatchObject({ code: 'temporarily_unavailable' });
    await expect(queryActor(client, { workflowId, query: runsQuery, args: [], deadlineMs: 700 })).rejects.toMatchObject(
      { code: 'temporarily_unavailable' },
    );
    expect(Date.now() - began).toBeLessThan(5_000);
    await client.workflow.getHandle(workflowId).terminate();
  }, 20_000);

  it('fail with a code where no server answers', async () => {
    const nowhere = connectClient({ address: '127.0.0.1:1', namespace }, codec);
    await expect(
      queryActor(nowhere.client, { workflowId: 'x', query: runsQuery, args: [], deadlineMs: 700 }),
    ).rejects.toMatchObject({ code: 'temporarily_unavailable' });
    await nowhere.close();
  }, 20_000);
});
