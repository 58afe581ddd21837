/** A storm: many connections that are to be renewed at the same moment. Each is, with one token call, and none is shown as troubled. */
import type { Client } from '@temporalio/client';
import { refreshSignal } from '#workflows/connection/messages.js';
import { temporalOf } from '../support/actor.js';
import { connected, ZENDESK_ADMIN } from '../support/connect.js';
import { eventually } from '../support/eventually.js';
import { proofSize } from '../support/proof-size.js';
import { recordOutcome } from '../support/record-outcome.js';
import { startHawser, type Hawser } from '../support/start-hawser.js';

const CONNECTIONS = Number(process.env.HAWSER_STORM ?? proofSize(30, 1_000));
const LANES = 6;
/** temporal.api.enums.v1.TimeoutType */
const SCHEDULE_TO_START = 2;
const PATIENCE_MS = 900_000;

let hawser: Hawser;
let temporal: { client: Client; close(): Promise<void> };
beforeAll(async () => {
  hawser = await startHawser('load that would disturb others, and the real time to wait for an answer', {
    env: { HAWSER_ANSWER_MS: '120000' },
  });
  await hawser.emulators.policy('zendesk/acme', { requestQuota: 1_000_000_000 });
  temporal = temporalOf(hawser);
}, 300_000);
afterAll(async () => {
  await temporal?.close();
  await hawser?.stop();
}, 100_000);

const refreshes = () => hawser.emulators.refreshes('zendesk/acme');

/** Connected one by one; a busy machine may refuse a part of it, and then another is made. */
async function manyConnections(): Promise<string[]> {
  const ids: string[] = [];
  const lane = async (): Promise<void> => {
    while (ids.length < CONNECTIONS) {
      const id = await connected(hawser.api, 'zendesk', ZENDESK_ADMIN).catch(() => null);
      if (id !== null && ids.length < CONNECTIONS) ids.push(id);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return ids;
}

async function workflowIdsOf(ids: string[]): Promise<string[]> {
  const wanted = new Set(ids);
  const found: string[] = [];
  for await (const { workflowId } of temporal.client.workflow.list({ query: `WorkflowType = 'connectionWorkflow'` })) {
    if (wanted.has(workflowId.split('/').at(-1) ?? '')) found.push(workflowId);
  }
  return found;
}

/** What the histories say of the renewals: activity tries beyond the first, and workflow tasks that timed out. */
async function effort(
  ids: string[],
): Promise<{ tries: number; lateStarts: number; timedOutTasks: number; failedRounds: number }> {
  const sum = { tries: 0, lateStarts: 0, timedOutTasks: 0, failedRounds: 0 };
  for (const id of ids) {
    const events = (await temporal.client.workflow.getHandle(id).fetchHistory()).events ?? [];
    const isRefresh = new Set(
      events
        .filter((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'refresh')
        .map((event) => String(event.eventId)),
    );
    sum.failedRounds += isRefresh.size - 1;
    for (const event of events) {
      const started = event.activityTaskStartedEventAttributes;
      if (started && isRefresh.has(String(started.scheduledEventId))) sum.tries += Number(started.attempt ?? 1);
      const timeout = event.workflowTaskTimedOutEventAttributes?.timeoutType;
      // The worker that holds the actor did not take the task in time, or it took too long: the whole history is replayed.
      if (timeout === SCHEDULE_TO_START) sum.lateStarts += 1;
      else if (timeout) sum.timedOutTasks += 1;
    }
  }
  return sum;
}

test(
  `${CONNECTIONS} connections at once: each is renewed with one token call, and none is shown as troubled`,
  async () => {
    const connections = await manyConnections();
    const ids = await eventually(
      'all actors to be listed',
      async () => {
        const found = await workflowIdsOf(connections);
        return found.length === CONNECTIONS && found;
      },
      120_000,
    );
    const before = await refreshes();
    const beganAt = Date.now();
    await Promise.all(
      ids.map((id) => temporal.client.workflow.getHandle(id).signal(refreshSignal, { by: 'job', seenVersion: 1 })),
    );
    const signalledAt = Date.now();
    await eventually('all token calls', async () => (await refreshes()) - before >= CONNECTIONS, PATIENCE_MS, 250);
    const calledAt = Date.now();
    const seen = await Promise.all(
      connections.map((id) =>
        eventually(
          'the renewed version',
          async () => {
            const view = await hawser.api.ok('GET', `/v1/connections/${id}`);
            return view.version >= 2 && view;
          },
          PATIENCE_MS,
          1_000,
        ),
      ),
    );
    const figures = {
      tokenCalls: (await refreshes()) - before,
      seconds: (calledAt - beganAt) / 1_000,
      signalSeconds: (signalledAt - beganAt) / 1_000,
      statuses: [...new Set(seen.map((view) => view.status))],
      ...(await effort(ids)),
    };
    recordOutcome('herds', `${CONNECTIONS} renewals at once`, figures);
    expect(figures).toMatchObject({ tokenCalls: CONNECTIONS, statuses: ['connected'] });
  },
  PATIENCE_MS + 600_000,
);
