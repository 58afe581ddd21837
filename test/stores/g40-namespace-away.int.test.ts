/**
 * The database behind Temporal restarts: its frontend answers, and does not find our namespace. A client of a namespace that the real
 * server does not have gets the very same answers.
 */
import { randomBytes } from 'node:crypto';
import { buildGateway } from '../../apps/gateway/build-gateway.js';
import { fakeServices, TEST_KEY, TEST_WORKSPACE } from '../../apps/gateway/testing/fake-services.js';
import { connectClient } from '#temporal/connect-client.js';
import { createPayloadCodec } from '#temporal/payload-codec.js';
import { generatePayloadKey } from '#temporal/payload-keyring.js';
import { queryActor } from '#temporal/query-actor.js';
import { signalActor } from '#temporal/signal-actor.js';
import { updateActor } from '#temporal/update-actor.js';
import { ask } from '../../apps/worker/ask-workflow.js';
import { closedJobs } from '../../apps/worker/activities/job-closed.js';
import { wakeWaiters } from '../../apps/worker/app-calls/wake-waiters.js';
import { runOf } from '../../apps/worker/rebuild/rebuild-run.js';
import { wakeJobSignal } from '#workflows/job/messages.js';
import { statusQuery, verifyUpdate } from '#workflows/connection/messages.js';
import { requiredEnv } from '../support/test-namespace.js';

const namespace = `away-${randomBytes(6).toString('hex')}`;
const HEADERS = { authorization: `Bearer ${TEST_KEY}`, host: '127.0.0.1:3000' };
const JOB = 'job_aaaaaaaaaaaaaaaaaaaa';
const workflowId = `connection/${TEST_WORKSPACE}/con_aaaaaaaaaaaaaaaaaaaa`;
const UNAVAILABLE = { code: 'temporarily_unavailable' };

const codec = createPayloadCodec({ keyring: { keys: [generatePayloadKey()] } });
const temporal = connectClient({ address: requiredEnv('HAWSER_TEST_TEMPORAL'), namespace }, codec);
afterAll(() => temporal.close());

test('g40: jobs and lists answer 503, not 404', async () => {
  const { client } = temporal;
  const { services } = fakeServices({ temporal: { address: 'x:1', namespace } });
  const app = await buildGateway({ ...services, client });
  for (const url of ['/v1/jobs', '/v1/jobs?status=waiting', `/v1/jobs/${JOB}`]) {
    const answer = await app.inject({ method: 'GET', url, headers: HEADERS });
    expect({ url, status: answer.statusCode, ...answer.json() }).toMatchObject({ url, status: 503, ...UNAVAILABLE });
  }
  const ready = await app.inject({ method: 'GET', url: '/health/ready', headers: HEADERS });
  expect(ready.json()).toMatchObject({ ...UNAVAILABLE, detail: expect.stringContaining('TEMPORAL_NAMESPACE') });
  await app.close();
});

test('g40: no actor is lost, no job has ended, nothing is missing', async () => {
  const { client } = temporal;
  const wish = { workflowId, deadlineMs: 5_000 };
  await expect(queryActor(client, { ...wish, query: statusQuery, args: [] })).rejects.toMatchObject(UNAVAILABLE);
  await expect(
    updateActor(client, { ...wish, update: verifyUpdate, args: [{ by: 'person' } as never], updateId: 'u' }),
  ).rejects.toMatchObject(UNAVAILABLE);
  await expect(
    signalActor(client, { ...wish, signal: wakeJobSignal, args: [{ connectionId: 'x' } as never] }),
  ).rejects.toMatchObject(UNAVAILABLE);
  expect(await ask(client, workflowId, statusQuery)).toBe('unanswered');
  expect(await closedJobs(client, TEST_WORKSPACE, [JOB])).toEqual([]);
  await expect(runOf(client, workflowId)).rejects.toThrow(/not found/i);
  const sweep = { client, connectionId: 'con_aaaaaaaaaaaaaaaaaaaa', requirements: null, heartbeat: () => undefined };
  await expect(wakeWaiters(sweep)).rejects.toThrow(/not found/i);
});
