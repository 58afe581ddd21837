/** The pool of processes that compute tenants' expressions. `g05` */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createMappingPool, type MappingPool } from './mapping-pool.js';
import type { MappingInput } from './mapping-input.js';
import type { PoolLimits } from './pool-limits.js';

const INPUT: MappingInput = {
  trigger: { Name: 'Acme', as: 'a'.repeat(900_000) },
  steps: {},
  job: { id: 'job_1', recipeId: 'rec_1' },
};
const SMALL: MappingInput = { ...INPUT, trigger: { Name: 'Acme' } };
/** Patience of a loaded machine: how long a batch waits is another test's matter. */
const PATIENT = { waitMs: 90_000, wallMs: 90_000 };
/** Minutes in one call of the library: the worst case of a search for a text. No guard inside the process comes to its turn. */
const STUCK = '$contains(trigger.as, "ab" & $substring(trigger.as, 0, 100000))';

const pools: MappingPool[] = [];
function pool(limits: Partial<PoolLimits> = {}): MappingPool {
  const made = createMappingPool({ limits: { ...PATIENT, ...limits } });
  pools.push(made);
  return made;
}
afterEach(() => Promise.all(pools.splice(0).map((one) => one.close())));

const sumOf = (count: number): string => `$sum($map([1..${count}], function($i) { $i * 2 }))`;

/** Processor time of this process, in milliseconds. */
const cpuSince = (before: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
};

/** Processor time that a process has used, in milliseconds, in ticks of ten. */
const cpuOf = (pid: number): number => {
  const [, user = '0', system = '0'] = /\) (?:\S+ ){11}(\d+) (\d+)/.exec(statOf(pid)) ?? [];
  return (Number(user) + Number(system)) * 10;
};

/**
 * An expression that takes a process of the pool about so long. Measured in one: promises cost a multiple where Jest has run files that
 * watch them.
 */
async function expressionOf(ms: number): Promise<string> {
  const mappings = pool({ processes: 1 });
  const evaluate = (expression: string) => mappings.evaluate({ f: expression }, SMALL, 'w');
  await evaluate(sumOf(1_000));
  const [pid = 0] = mappings.pids();
  const before = cpuOf(pid);
  for (let round = 0; round < 10; round += 1) await evaluate(sumOf(1_000));
  return sumOf(Math.min(9_000, Math.round((10_000 * ms) / Math.max(10, cpuOf(pid) - before))));
}

const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}/stat`) && !/\) [ZX] /.test(statOf(pid));
function statOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return ') X ';
  }
}
async function gone(pids: number[]): Promise<void> {
  while (pids.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 20));
}

test('g05: 100 sound mappings of 37 ms that begin in one turn all succeed, and this process computes none of them', async () => {
  const expression = await expressionOf(37);
  const mappings = pool();
  mappings.warm();
  let longest = 0;
  let last = process.cpuUsage();
  const clock = setInterval(() => {
    longest = Math.max(longest, cpuSince(last));
    last = process.cpuUsage();
  }, 5);
  const before = process.cpuUsage();
  const results = await Promise.allSettled(
    Array.from({ length: 100 }, (_, job) => mappings.evaluate({ f: expression, job: `"${job}"` }, SMALL, 'w')),
  );
  clearInterval(clock);
  expect(results.map(({ status }) => status)).toEqual(Array.from({ length: 100 }, () => 'fulfilled'));
  expect(results[99]).toMatchObject({ value: { f: expect.any(Number), job: '99' } });
  // 3.7 s of expressions. What stands here is the messages, in pieces of a few milliseconds.
  expect(cpuSince(before)).toBeLessThan(1_000);
  expect(longest).toBeLessThan(100);
}, 120_000);

test('g05: what no guard inside can end is ended from outside by its processor time, alone, and named', async () => {
  const mappings = pool({ processorMs: 300 });
  const sound = Array.from({ length: 4 }, (_, job) => mappings.evaluate({ name: 'trigger.Name' }, SMALL, `w${job}`));
  const stuck = mappings.evaluate({ first: 'trigger.Name', second: STUCK, third: '1' }, INPUT, 'w');
  const later = Array.from({ length: 20 }, () => mappings.evaluate({ name: 'trigger.Name' }, SMALL, 'w'));
  await expect(stuck).rejects.toMatchObject({
    code: 'mapping_failed',
    detail: expect.stringContaining('"second"'),
    options: { pointer: '/input/second' },
  });
  expect(await Promise.all([...sound, ...later])).toEqual(Array.from({ length: 24 }, () => ({ name: 'Acme' })));
}, 120_000);

test('g05: a process that dies by something else is replaced, and its mapping is computed anew', async () => {
  const mappings = pool({ processes: 1 });
  mappings.warm();
  expect(await mappings.evaluate({ name: 'trigger.Name' }, SMALL, 'w')).toEqual({ name: 'Acme' });
  const [first] = mappings.pids();
  const under = mappings.evaluate({ f: await expressionOf(200) }, SMALL, 'w');
  process.kill(first!, 'SIGKILL');
  expect(await under).toMatchObject({ f: expect.any(Number) });
  expect(mappings.pids()).not.toEqual([first]);
}, 120_000);

test('g05: a mapping that needs more memory than there is fails, and those beside it do not', async () => {
  const mappings = pool({ processes: 1, heapMb: 16 });
  const greedy = '$count($map([1..20], function($i) { $split($$.trigger.as, "") }))';
  const half = { ...INPUT, trigger: { as: 'a'.repeat(400_000) } };
  const [failed, sound] = await Promise.allSettled([
    mappings.evaluate({ name: '"x"', greedy }, half, 'w'),
    mappings.evaluate({ name: 'trigger.Name' }, SMALL, 'other'),
  ]);
  expect(failed).toMatchObject({
    status: 'rejected',
    reason: { code: 'mapping_failed', detail: expect.stringMatching(/"greedy".*16 MB of memory/) },
  });
  expect(sound).toMatchObject({ status: 'fulfilled', value: { name: 'Acme' } });
}, 120_000);

test('g05: failures come back as they were thrown, values of the input are in none of them', async () => {
  const mappings = pool();
  const failure = await mappings.evaluate({ sum: 'trigger.Name + 1' }, SMALL, 'w').catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'mapping_failed', class: 'stop', options: { pointer: '/input/sum' } });
  expect(String(failure)).toContain('no number');
  expect(String(failure)).not.toContain('Acme');
});

test('g05: the line is bounded, and who is not served in time is told to come again', async () => {
  const mappings = pool({ processes: 1, queued: 3, waitMs: 700, processorMs: 1_000 });
  const outcome = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: { code: string }) => error.code,
    );
  mappings.warm();
  while ((await outcome(mappings.evaluate({ name: 'trigger.Name' }, SMALL, 'w'))) === 'busy');
  const stuck = outcome(mappings.evaluate({ f: STUCK }, INPUT, 'w'));
  const waiting = Array.from({ length: 5 }, () => outcome(mappings.evaluate({ f: '1' }, SMALL, 'w')));
  expect(await Promise.all(waiting)).toEqual(['busy', 'busy', 'busy', 'busy', 'busy']);
  expect(await stuck).toBe('mapping_failed');
}, 60_000);

test('g05: workspaces are served in turn: one with many mappings does not stand before the others', async () => {
  const mappings = pool({ processes: 1 });
  const order: string[] = [];
  const one = (turn: string) => mappings.evaluate({ f: '1' }, SMALL, turn).then(() => void order.push(turn));
  await Promise.all([...Array.from({ length: 10 }, () => one('many')), one('few')]);
  expect(order.indexOf('few')).toBeLessThan(3);
});

test('g05: a process has no environment, no socket of the network, and a lower priority', async () => {
  const mappings = pool({ processes: 1 });
  await mappings.evaluate({ f: '1' }, SMALL, 'w');
  const [pid] = mappings.pids();
  // NODE_CHANNEL_FD and its like: the channel to the parent.
  const names = readFileSync(`/proc/${pid}/environ`, 'utf8')
    .split('\0')
    .flatMap((entry) => entry.split('=')[0] || []);
  expect(names.filter((name) => !name.startsWith('NODE_CHANNEL_'))).toEqual([]);
  const open = readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
    } catch {
      return [];
    }
  });
  const network = ['tcp', 'tcp6', 'udp', 'udp6']
    .map((kind) => readFileSync(`/proc/${pid}/net/${kind}`, 'utf8'))
    .join('');
  expect(open.filter((inode) => network.split(/\s+/).includes(inode))).toEqual([]);
  expect(Number(statOf(pid!).split(') ')[1]?.split(' ')[16])).toBeGreaterThan(0);
});

test('g05: no orphan: with its worker killed by -9 in the middle of an expression without end, a process ends', async () => {
  const root = join(__dirname, '..', '..');
  const script = `
    const { createMappingPool } = require(${JSON.stringify(join(__dirname, 'mapping-pool.ts'))});
    const pool = createMappingPool({ limits: { processorMs: 60000, wallMs: 60000 } });
    const input = { trigger: { as: 'a'.repeat(900000) }, steps: {}, job: { id: 'j', recipeId: 'r' } };
    pool.evaluate({ f: ${JSON.stringify(STUCK)} }, input, 'w').catch(() => undefined);
    pool.evaluate({ f: '1' }, input, 'w').then(() => console.log(JSON.stringify(pool.pids())));`;
  const hook = join(root, 'scripts', 'stack', 'typescript-hook.cjs');
  const worker = spawn(process.execPath, ['--conditions=source', `--require=${hook}`, '-e', script], { cwd: root });
  const pids = await new Promise<number[]>((resolve) =>
    createInterface({ input: worker.stdout }).once('line', (line) => resolve(JSON.parse(line) as number[])),
  );
  worker.kill('SIGKILL');
  await gone(pids);
  expect(pids.length).toBeGreaterThan(0);
}, 60_000);
