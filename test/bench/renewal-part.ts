/** Renewals: calls to the provider per expiry, and events of history per renewal. */
import type { WorkflowHandle } from '@temporalio/client';
import type { BenchStack } from './bench-stack.js';
import { eventually } from '../support/eventually.js';
import { workUpdate } from './floor-workflow.js';
import { ManyConnections } from './many-connections.js';
import { atMost, type Row } from './row.js';

const ORG = 'zendesk/acme';
const RENEWALS = 6;
/** A press on a version that was renewed so lately is a verification, not a renewal; with a little room. */
const YOUNG_MS = 5_500;
/** Tokens of this life are renewed every six seconds or so. */
const LIFE_S = 9;
const BY_TIME = 4;

/** Renewals end so long after they began: all callers come while the one is under way. */
const SLOW_MS = 6_000;

/** `callers` ask at once: a fifth by the API, as people who press the button, the others as steps of four further workers. */
export async function renewalPart(stack: BenchStack, callers = 200): Promise<Row[]> {
  const connections = new ManyConnections(stack.hawser.api);
  await connections.growTo(1);
  return [
    await callsPerExpiry(stack, connections.ids[0]!, callers),
    await eventsPerRenewal(stack),
    await eventsPerRenewalByTime(stack),
  ];
}

export async function callsPerExpiry(stack: BenchStack, id: string, callers: number, slowMs = SLOW_MS): Promise<Row> {
  for (let repeat = 0; repeat < 3; repeat += 1) {
    const { calls, versions } = await oneExpiry(stack, id, callers, slowMs);
    // Somebody pressed the button when the renewal was over: that is a wish of its own. Everybody must come during the one renewal.
    if (calls > 1 && calls === versions) continue;
    return atMost(1, {
      what: `Calls to the provider for one expired token and ${callers} callers`,
      value: calls,
      unit: 'calls',
      floor: { what: 'a renewal without any other caller', value: 1 },
      text: 'one, whatever the number of callers',
      note: `a fifth of the callers by the API, the others as steps of four further workers, while the token endpoint takes ${slowMs / 1000} s`,
    });
  }
  throw new Error(`Callers were too slow to come within ${slowMs} ms.`);
}

/** Calls to the token endpoint, and new versions, from one expiry. */
async function oneExpiry(
  stack: BenchStack,
  id: string,
  callers: number,
  slowMs: number,
): Promise<{ calls: number; versions: number }> {
  const { emulators, api } = stack.hawser;
  const renewals = async () => (await emulators.counts(ORG)).byGrantType['refresh_token'] ?? 0;
  const others = await Promise.all([1, 2, 3, 4].map(() => stack.anotherCaller()));
  const before = await renewals();
  const { version } = await api.ok('GET', `/v1/connections/${id}`);
  await emulators.expireAccessTokens(ORG);
  const fault = await emulators.fault({
    app: 'zendesk',
    path: '/oauth/tokens',
    kind: 'delay',
    delayMs: slowMs,
    times: -1,
  });
  // A person's press counts from the version that it saw: who presses after the renewal wishes another one.
  const people = Math.round(callers / 5);
  const byApi = Array.from({ length: people }, () => press(stack, id));
  const byJobs = Array.from({ length: callers - people }, (_, index) =>
    askAsStep(stack, others[index % others.length]!.calls, id),
  );
  await Promise.all([...byApi, ...byJobs]);
  await emulators.call('DELETE', `/faults/${fault.id}`);
  const calls = (await renewals()) - before;
  const after = (await api.ok('GET', `/v1/connections/${id}`)).version;
  await Promise.all(others.map((other) => other.close()));
  if (after <= version) throw new Error(`Nothing was renewed: version ${after}.`);
  return { calls, versions: after - version };
}

/** A person who presses Refresh. On a machine that is worked beyond its power the answer may be "repeat": that is one too. */
async function press({ hawser }: BenchStack, id: string): Promise<void> {
  const { status, body } = await hawser.api.send('POST', `/v1/connections/${id}/refresh`, {});
  if (status !== 200 && status !== 503) throw new Error(`Refresh answered ${status}: ${JSON.stringify(body)}`);
}

/** A step's request with the dead token: the app rejects it, one renewal, one resend. */
async function askAsStep(stack: BenchStack, calls: BenchStack['calls'], id: string): Promise<void> {
  const { context } = await calls.caller.open(stack.ref(id));
  await context.call({ method: 'GET', path: '/api/v2/users/me.json' });
}

async function eventsPerRenewal(stack: BenchStack): Promise<Row> {
  const spent = await eventsOfRenewals(stack, RENEWALS);
  return eventsRow('that a caller waits for', Math.max(...spent), spent.length, await floorEvents(stack));
}

/** Events of each renewal of a new connection that a caller waits for. */
export async function eventsOfRenewals(stack: BenchStack, renewals: number): Promise<number[]> {
  const id = await fresh(stack);
  const actor = stack.actor(id);
  const spent: number[] = [];
  for (let round = 0; round < renewals; round += 1) {
    await eventually(
      'the version to be old enough',
      async () => Date.now() - (await view(stack, id)).obtainedAt > YOUNG_MS || round === 0,
    );
    const before = await settled(actor);
    await stack.hawser.api.ok('POST', `/v1/connections/${id}/refresh`, {});
    const after = await settled(actor);
    // A history that rolled over begins anew: such a pair says nothing.
    if (after.runId === before.runId) spent.push(after.events - before.events);
  }
  return spent;
}

/** Renewals ahead of the token's end, by the actor's own timer, of a connection in use. */
async function eventsPerRenewalByTime(stack: BenchStack): Promise<Row> {
  await stack.hawser.emulators.policy(ORG, { accessTokenTtlSeconds: LIFE_S });
  const id = await fresh(stack);
  await stack.calls.actor.used(stack.ref(id), Date.now());
  const version = async () => (await stack.hawser.api.ok('GET', `/v1/connections/${id}`)).version as number;
  const reach = (wanted: number) => eventually(`version ${wanted}`, async () => (await version()) >= wanted, 120_000);
  await reach(2);
  const before = { ...(await settled(stack.actor(id))), version: await version() };
  await reach(before.version + BY_TIME);
  const after = { ...(await settled(stack.actor(id))), version: await version() };
  await stack.hawser.emulators.policy(ORG, { accessTokenTtlSeconds: 1_800 });
  const each = (after.events - before.events) / (after.version - before.version);
  return eventsRow('by the actor’s own timer', each, after.version - before.version, await floorEvents(stack));
}

const view = ({ hawser }: BenchStack, id: string) => hawser.api.ok('GET', `/v1/connections/${id}`);

async function fresh(stack: BenchStack): Promise<string> {
  const connections = new ManyConnections(stack.hawser.api);
  await connections.growTo(1);
  return connections.ids[0]!;
}

function eventsRow(which: string, events: number, renewals: number, floor: number): Row {
  return atMost(11, {
    what: `Events of history per renewal ${which}`,
    value: events,
    unit: 'events',
    floor: { what: 'empty workflow: an update that waits for one activity', value: floor },
    text: 'at most 11',
    note: `of ${renewals} renewals`,
  });
}

async function floorEvents(stack: BenchStack): Promise<number> {
  const empty = await stack.startEmpty(`bench-empty-${Date.now()}`);
  const before = await settled(empty);
  await empty.executeUpdate(workUpdate);
  return (await settled(empty)).events - before.events;
}

/** Run and length of a history once it grows no more: no task is under way, and two looks see the same. */
export async function settled(handle: WorkflowHandle<any>): Promise<{ runId: string; events: number }> {
  let last = '';
  return eventually('a history to settle', async () => {
    const { runId, historyLength, raw } = await handle.describe();
    const seen = `${runId}/${historyLength}`;
    const quiet = !raw.pendingWorkflowTask && !raw.pendingActivities?.length && seen === last;
    last = seen;
    return quiet && { runId, events: historyLength };
  });
}
