/** What happens to lease, renewal storm, list, restart and memory when connections become many. */
import { execFileSync } from 'node:child_process';
import { eventually } from '../support/eventually.js';
import type { BenchStack } from './bench-stack.js';
import { ManyConnections } from './many-connections.js';
import type { Row } from './row.js';
import { inLanes, median, percentile, timed } from './statistics.js';
import { storm, type Storm } from './storm.js';

const DEFAULT_SIZES = [10, 100, 1_000, 5_000];
/** So many connections are asked when there are more. */
const SAMPLE = 200;
const PAGE = 100;

/** All that was measured at one size. Times in milliseconds unless the name says seconds, memory in MB. */
export interface Growth {
  size: number;
  /** How long it took to connect one more, with 16 under way at a time. */
  secondsToMake: number;
  made: number;
  /** Attempts to authorize that failed and were made once more, up to this size. */
  repeated: number;
  lease: { median: number; p95: number };
  list: { page: number; all: number };
  storm: Storm;
  restart: { ready: number; firstLease: number; lease: { median: number; p95: number } };
  memory: Record<string, number>;
}

export function sizes(): number[] {
  const wanted = process.env['HAWSER_BENCH_SIZES'];
  const chosen = wanted ? wanted.split(',').map(Number) : DEFAULT_SIZES;
  if (chosen.length === 0 || chosen.some((size) => !Number.isInteger(size) || size < 1))
    throw new Error(
      `HAWSER_BENCH_SIZES is "${wanted}", but sizes are whole numbers with commas between them: 10,100,1000.`,
    );
  return chosen.sort((a, b) => a - b);
}

/** The sizes one after the other on one stack: each adds to the connections of the one before. `keep` gets what is there so far. */
export async function growthPart(
  stack: BenchStack,
  told: (text: string) => void,
  keep: (rows: Row[], series: Growth[]) => void,
): Promise<{ rows: Row[]; series: Growth[] }> {
  const connections = new ManyConnections(stack.hawser.api);
  const series: Growth[] = [];
  for (const size of sizes()) {
    const made = size - connections.ids.length;
    const makeMs = await timed(() => connections.growTo(size, (count) => told(`${count} connections`)));
    const { ids } = connections;
    told(`${size}: made in ${(makeMs / 1000).toFixed(0)} s; leases, list`);
    const lease = await leases(stack, ids);
    const list = { page: median(await repeated(10, () => page(stack))), all: await timed(() => walk(stack)) };
    told(`${size}: all are to be renewed at once`);
    const renewed = await storm(stack, ids, told);
    const memory = await memoryOf(stack);
    told(`${size}: the worker is killed and started again`);
    const restart = await restarted(stack, ids);
    series.push({
      size,
      made,
      repeated: connections.repeated,
      secondsToMake: makeMs / 1000,
      lease,
      list,
      storm: renewed,
      restart,
      memory,
    });
    keep(series.flatMap(rowsOf), series);
  }
  return { rows: series.flatMap(rowsOf), series };
}

async function leases(stack: BenchStack, ids: readonly string[]): Promise<{ median: number; p95: number }> {
  const samples: number[] = [];
  // Spread over all, so that actors which fell out of the worker's cache are met as often as they are.
  const step = Math.max(1, Math.floor(ids.length / SAMPLE));
  const chosen = ids.filter((_, index) => index % step === 0);
  for (const id of chosen) samples.push(await timed(() => stack.calls.actor.lease(stack.ref(id))));
  return { median: median(samples), p95: percentile(samples, 0.95) };
}

const repeated = async (times: number, run: () => Promise<unknown>): Promise<number[]> => {
  const samples: number[] = [];
  for (let round = 0; round < times; round += 1) samples.push(await timed(run));
  return samples;
};

const page = ({ hawser }: BenchStack, cursor?: string): Promise<{ items: unknown[]; nextCursor: string | null }> =>
  hawser.api.ok('GET', `/v1/connections?limit=${PAGE}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);

async function walk(stack: BenchStack): Promise<void> {
  let cursor: string | null | undefined;
  do cursor = (await page(stack, cursor ?? undefined)).nextCursor;
  while (cursor);
}

/** Resident memory of each process, in MB. */
async function memoryOf({ hawser, worker }: BenchStack): Promise<Record<string, number>> {
  // A collection first: what is not yet collected is no need of the worker's.
  await worker.heap();
  const servers = JSON.parse(process.env['HAWSER_BENCH_PIDS'] ?? '{}') as Record<string, number>;
  const pids = {
    worker: hawser.workers[0]!.pid,
    gateway: hawser.gateway.pid,
    emulators: hawser.emulatorProcess.pid,
    ...servers,
  };
  return Object.fromEntries(
    Object.entries(pids).map(([name, pid]) => [
      name,
      Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1_024,
    ]),
  );
}

/** kill -9, as after a crash: until it is ready, until the first lease, and what leases cost while it has nothing in its cache. */
async function restarted(stack: BenchStack, ids: readonly string[]): Promise<Growth['restart']> {
  const [worker] = stack.hawser.workers;
  await worker!.kill();
  const ready = await timed(() => worker!.start());
  const ask = (id: string) => stack.calls.actor.lease(stack.ref(id));
  const firstLease = await timed(() => eventually('a lease', () => ask(ids[0]!), 120_000, 20));
  const samples: number[] = [];
  await inLanes(ids.slice(1, SAMPLE), 4, async (id) => void samples.push(await timed(() => ask(id))));
  return { ready, firstLease, lease: { median: median(samples), p95: percentile(samples, 0.95) } };
}

function rowsOf({
  size,
  lease,
  list,
  storm: renewed,
  restart,
  memory,
  made,
  repeated: again,
  secondsToMake,
}: Growth): Row[] {
  const row = (what: string, value: number, unit: string, note?: string): Row => ({
    what: `${size}: ${what}`,
    value,
    unit,
    floor: null,
    target: null,
    ...(note ? { note } : {}),
  });
  return [
    row('lease from the actor, median', lease.median, 'ms', `95 % within ${lease.p95.toFixed(0)} ms`),
    row(`list, a page of ${PAGE}`, list.page, 'ms', `all pages ${list.all.toFixed(0)} ms`),
    {
      ...row(
        'renewal storm, until the last of them has its new token',
        renewed.seconds,
        's',
        `half within ${renewed.median.toFixed(1)} s, 95 % within ${renewed.p95.toFixed(1)} s; ${renewed.failures} reported a failure in between`,
      ),
      target: {
        text: `one call for each (here ${renewed.calls} for ${size})`,
        met: renewed.calls === size && renewed.renewed === size,
      },
    },
    row(
      'restart of the worker after kill -9, until it is ready',
      restart.ready,
      'ms',
      `first lease ${restart.firstLease.toFixed(0)} ms after that; leases while its cache is empty: median ${restart.lease.median.toFixed(0)} ms, 95 % within ${restart.lease.p95.toFixed(0)} ms`,
    ),
    row(
      'resident memory of the worker',
      memory['worker'] ?? 0,
      'MB',
      Object.entries(memory)
        .map(([name, mb]) => `${name} ${mb.toFixed(0)} MB`)
        .join(', '),
    ),
    row(
      'connecting, each by the whole consent',
      made > 0 ? secondsToMake / made : 0,
      's each',
      `16 under way at a time; ${again} attempts failed so far and were made once more`,
    ),
  ];
}
