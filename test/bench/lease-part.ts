/** Asking for a lease: from the worker's cache, and from the actor. */
import { connectionWorkflowId } from '#domain/ids.js';
import { queryActor } from '#temporal/query-actor.js';
import type { BenchStack } from './bench-stack.js';
import { nothingQuery } from './floor-workflow.js';
import { ManyConnections } from './many-connections.js';
import { atMost, type Row } from './row.js';
import { median, timed } from './statistics.js';

const ROUNDS = 20;
const HITS_PER_ROUND = 20_000;
const PAIRS = 400;

export async function leasePart(stack: BenchStack): Promise<Row[]> {
  const connections = new ManyConnections(stack.hawser.api);
  await connections.growTo(1);
  const id = connections.ids[0]!;
  return [await hits(stack, id), await misses(stack, id)];
}

/** The cache of app-calls with the opened access token in it, against a look-up in a map that is awaited just the same. */
async function hits({ calls, ref }: BenchStack, id: string): Promise<Row> {
  const wanted = ref(id);
  const map = new Map([[id, { held: await calls.leases.get(wanted) }]]);
  const bare = async (key: string) => map.get(key)!.held;
  const real: number[] = [];
  const floor: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    floor.push(
      await timed(async () => {
        for (let i = 0; i < HITS_PER_ROUND; i += 1) await bare(id);
      }),
    );
    real.push(
      await timed(async () => {
        for (let i = 0; i < HITS_PER_ROUND; i += 1) await (await calls.leases.get(wanted)).accessToken();
      }),
    );
  }
  const micros = (samples: number[]) => (median(samples) / HITS_PER_ROUND) * 1_000;
  return atMost(20, {
    what: 'Lease with its opened token from the worker’s cache',
    value: micros(real),
    unit: 'µs',
    floor: { what: 'look-up in a map, awaited', value: micros(floor) },
    text: 'under 20 µs',
    note: `median of ${ROUNDS} rounds of ${HITS_PER_ROUND}`,
  });
}

/** One question to the actor against the same question to a workflow that holds nothing; in turn, so that load falls on both. */
async function misses(stack: BenchStack, id: string): Promise<Row> {
  const { client, calls, ref } = stack;
  const empty = await stack.startEmpty('bench-empty');
  const askEmpty = () =>
    queryActor(client, {
      workflowId: empty.workflowId,
      query: nothingQuery,
      args: [],
      deadlineMs: 15_000,
      openOnly: true,
    });
  const askActor = () => calls.actor.lease(ref(id));
  const real: number[] = [];
  const floor: number[] = [];
  for (let i = 0; i < PAIRS; i += 1) {
    const [a, b] = [await timed(askEmpty), await timed(askActor)];
    // The first questions open connections and compile code.
    if (i < PAIRS / 10) continue;
    floor.push(a);
    real.push(b);
  }
  const ratio = median(real) / median(floor);
  return atMost(1.3, {
    what: 'Lease from a cached actor (a miss of the worker’s cache)',
    value: median(real),
    unit: 'ms',
    floor: { what: 'query of an empty workflow', value: median(floor) },
    text: `at most 1.3 × the floor (here ${ratio.toFixed(2)} ×)`,
    compared: ratio,
    note: `median of ${real.length} questions to ${connectionWorkflowId('…', '…')}, in turn with the floor’s`,
  });
}
