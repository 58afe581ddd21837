/** What an actor costs that only waits: memory of the worker, and events. */
import type { ConnectionState } from '#workflows/connection/state.js';
import { rebuildActor } from '../../apps/worker/rebuild/rebuild-actor.js';
import { forgeProjection } from '../support/projection.js';
import type { BenchStack } from './bench-stack.js';
import { ManyConnections } from './many-connections.js';
import { nothingQuery } from './floor-workflow.js';
import type { Probe } from './probe.js';
import { settled } from './renewal-part.js';
import { atMost, type Row } from './row.js';
import { inLanes } from './statistics.js';

/** Made before anything is measured: code is compiled, pools and buffers have their size. */
const WARM = 100;
const MEASURED = 200;
const IDLE = 20;
const KIB = 1_024;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A connection counts as in use for seven hours. */
const UNUSED_MS = 8 * HOUR_MS;

export async function actorPart(stack: BenchStack, told: (text: string) => void): Promise<Row[]> {
  const connections = new ManyConnections(stack.hawser.api);
  const actors = await perWorkflow(stack.worker, (total) =>
    connections.growTo(total, (made) => told(`${made} connections`)),
  );
  const empty = await perWorkflow(await stack.floor(), (total) => emptyTo(stack, total));
  return [
    atMost(45, {
      what: 'Heap of the workflow thread per idle, connected actor',
      value: actors.heapKib,
      unit: 'KiB',
      floor: { what: 'empty workflow', value: empty.heapKib },
      text: 'at most 45 KiB',
      note: `growth from ${WARM} to ${WARM + MEASURED} cached ones, after a collection`,
    }),
    atMost(300, {
      what: 'Resident memory of the worker per cached actor',
      value: actors.rssKib,
      unit: 'KiB',
      floor: { what: 'empty workflow', value: empty.rssKib },
      text: 'at most 300 KiB',
      note: 'the same growth, of the whole process',
    }),
    await eventsOfIdle(stack, connections.ids.slice(0, IDLE)),
  ];
}

async function perWorkflow(
  worker: Probe,
  growTo: (total: number) => Promise<void>,
): Promise<{ heapKib: number; rssKib: number }> {
  await growTo(WARM);
  const before = await worker.heap();
  await growTo(WARM + MEASURED);
  const after = await worker.heap();
  return {
    heapKib: (after.workflowThreads - before.workflowThreads) / MEASURED / KIB,
    rssKib: (after.rss - before.rss) / MEASURED / KIB,
  };
}

const empties: string[] = [];
async function emptyTo(stack: BenchStack, total: number): Promise<void> {
  const missing = Array.from({ length: total - empties.length }, (_, index) => `bench-empty-${empties.length + index}`);
  empties.push(...missing);
  await inLanes(missing, 16, async (workflowId) => {
    // The answer to a question tells that the worker has run it and holds it.
    await (await stack.startEmpty(workflowId)).query(nothingQuery);
  });
}

/** Events that came while nothing was asked of them, and events that their timers will bring within a day. */
async function eventsOfIdle(stack: BenchStack, ids: string[]): Promise<Row> {
  for (const id of ids) await makeIdle(stack, id);
  const look = () => Promise.all(ids.map((id) => settled(stack.actor(id))));
  const before = await look();
  const began = Date.now();
  await new Promise((resume) => setTimeout(resume, 10_000));
  const after = await look();
  // Compared run by run: a history that rolled over begins anew, and its roll is a change too.
  const came = after.reduce(
    (sum, one, index) => sum + (one.runId === before[index]!.runId ? one.events - before[index]!.events : one.events),
    0,
  );
  const due = (await Promise.all(ids.map((id) => timersWithin(stack, id, DAY_MS)))).reduce(
    (sum, count) => sum + count,
    0,
  );
  return atMost(0, {
    what: 'Events a day of an idle actor',
    value: (came + due) / ids.length,
    unit: 'events',
    floor: { what: 'empty workflow', value: 0 },
    text: 'none',
    note: `${ids.length} actors whose last use was eight hours ago: ${came} events in ${Math.round((Date.now() - began) / 1000)} s of watching, and ${due} timers in their histories that end within a day`,
  });
}

/**
 * The one thing here that is made by hand: nobody waits eight hours, so the projection is written as if the last use were that long
 * ago, the actor is ended, and the product's own rebuild starts it again from the projection.
 */
async function makeIdle({ deps, workspaceId, actor }: BenchStack, id: string): Promise<void> {
  const { client, store } = deps;
  const document = await store.connections.get(workspaceId, id);
  const state = JSON.parse(document?.state ?? '') as ConnectionState;
  const aged = JSON.stringify({ ...state, usedAt: Date.now() - UNUSED_MS });
  await actor(id).terminate('bench: to be rebuilt as one that is idle');
  await forgeProjection(store.db, { ...document!, state: aged });
  const outcome = await rebuildActor({ client, store, document: document!, onlyMissing: true });
  if (outcome !== 'rebuilt') throw new Error(`${id} was not rebuilt: ${outcome}`);
}

/** Timers of a history that have neither fired nor been cancelled and will fire within the time. */
async function timersWithin(stack: BenchStack, id: string, withinMs: number): Promise<number> {
  const { events } = await stack.actor(id).fetchHistory();
  const open = new Map<string, number>();
  for (const event of events ?? []) {
    const {
      timerStartedEventAttributes: started,
      timerFiredEventAttributes: fired,
      timerCanceledEventAttributes: cancelled,
    } = event;
    if (started)
      open.set(
        started.timerId ?? '',
        Number(event.eventTime?.seconds) * 1_000 + Number(started.startToFireTimeout?.seconds) * 1_000,
      );
    const ended = fired ?? cancelled;
    if (ended) open.delete(ended.timerId ?? '');
  }
  return [...open.values()].filter((at) => at < Date.now() + withinMs).length;
}
