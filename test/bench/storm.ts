/** Every token is dead at the same moment, and every connection is told to renew: no margin and no spread thins it out. */
import type { ConnectionState } from '#workflows/connection/state.js';
import { refreshSignal } from '#workflows/connection/messages.js';
import { eventually } from '../support/eventually.js';
import type { BenchStack } from './bench-stack.js';
import { inLanes, median, percentile } from './statistics.js';

const ORG = 'zendesk/acme';
const LANES = 64;
/** Without a single renewal for so long, it has come to a stand. */
const STAND_MS = 180_000;

export interface Storm {
  /** From the first wish to the last new token. */
  seconds: number;
  /** From a connection's own wish to its new token, in seconds. */
  median: number;
  p95: number;
  /** Calls to the token endpoint. */
  calls: number;
  /** Connections that have a newer version in the end. */
  renewed: number;
  /** Connections that count a failed renewal in the end. */
  failures: number;
}

export async function storm(stack: BenchStack, ids: readonly string[], told: (text: string) => void): Promise<Storm> {
  const { emulators } = stack.hawser;
  const calls = async () => (await emulators.counts(ORG)).byGrantType['refresh_token'] ?? 0;
  const before = { calls: await calls(), states: await statesOf(stack) };
  await youngOnesGrowUp(before.states);
  await emulators.expireAccessTokens(ORG);
  const wishedAt = new Map<string, number>();
  const began = Date.now();
  await inLanes(ids, LANES, async (id) => {
    wishedAt.set(id, Date.now());
    await stack.actor(id).signal(refreshSignal, { by: 'job' });
  });
  told(`${ids.length}: all wishes sent in ${((Date.now() - began) / 1000).toFixed(1)} s`);
  await untilNoMore(async () => (await calls()) - before.calls, ids.length, told);
  const newer = (states: Map<string, ConnectionState>) =>
    ids.filter((id) => (states.get(id)?.credential?.version ?? 0) > (before.states.get(id)?.credential?.version ?? 0));
  // The projection is written right after the call.
  const after = await eventually(
    'the projections to follow',
    async () => {
      const states = await statesOf(stack);
      return newer(states).length === ids.length && states;
    },
    60_000,
    1_000,
  ).catch(() => statesOf(stack));
  const renewed = newer(after);
  const ends = renewed.map((id) => after.get(id)!.credential!.obtainedAt);
  const waits = renewed.map((id) => (after.get(id)!.credential!.obtainedAt - wishedAt.get(id)!) / 1_000);
  return {
    seconds: (Math.max(...ends) - began) / 1_000,
    median: median(waits),
    p95: percentile(waits, 0.95),
    calls: (await calls()) - before.calls,
    renewed: renewed.length,
    failures: [...after.values()].filter((state) => state.refresh.failures > 0).length,
  };
}

/** A wish to renew a version of the last five seconds would be a verification. */
async function youngOnesGrowUp(states: Map<string, ConnectionState>): Promise<void> {
  const newest = Math.max(...[...states.values()].map((state) => state.credential?.obtainedAt ?? 0));
  await eventually('the newest version to be old enough', async () => Date.now() - newest > 6_000);
}

async function untilNoMore(count: () => Promise<number>, wanted: number, told: (text: string) => void): Promise<void> {
  let last = -1;
  let movedAt = Date.now();
  let toldAt = Date.now();
  for (;;) {
    const seen = await count();
    if (seen >= wanted) return;
    if (seen !== last) movedAt = Date.now();
    last = seen;
    if (Date.now() - movedAt > STAND_MS) return told(`stands still at ${seen} of ${wanted}`);
    if (Date.now() - toldAt > 20_000) {
      toldAt = Date.now();
      told(`${seen} of ${wanted} renewed`);
    }
    await new Promise((resume) => setTimeout(resume, 250));
  }
}

/** The projections of all connections of the workspace, by id. */
async function statesOf({ deps, workspaceId }: BenchStack): Promise<Map<string, ConnectionState>> {
  const states = new Map<string, ConnectionState>();
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof deps.store.connections.list>> = await deps.store.connections.list(
      workspaceId,
      { limit: 100, after },
    );
    for (const document of page.items) states.set(document._id, JSON.parse(document.state) as ConnectionState);
    after = page.nextCursor;
  } while (after);
  return states;
}
