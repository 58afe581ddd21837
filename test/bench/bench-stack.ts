/** A whole Hawser whose processes can be asked about themselves, the parts of a worker in this process, and empty workflows beside it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { connectionWorkflowId } from '#domain/ids.js';
import { createLogger } from '#telemetry/logger.js';
import { createAppCalls, type AppCalls } from '../../apps/worker/app-calls/create-app-calls.js';
import type { ConnectionRef } from '../../libs/domain/connection-ref.js';
import { readWorkerConfig } from '../../apps/worker/config/worker-config.js';
import { openWorkerDeps, type WorkerDeps } from '../../apps/worker/worker-deps.js';
import { TestProcess } from '../support/child-process.js';
import { startHawser, type Hawser } from '../support/start-hawser.js';
import { FLOOR_QUEUE, emptyWorkflow } from './floor-workflow.js';
import { Probe } from './probe.js';

const HOOK = join(__dirname, '..', '..', 'scripts', 'stack', 'typescript-hook.cjs');

export interface BenchStack {
  hawser: Hawser;
  workspaceId: string;
  client: Client;
  deps: WorkerDeps;
  calls: AppCalls;
  worker: Probe;
  ref(connectionId: string): ConnectionRef;
  actor(connectionId: string): WorkflowHandle;
  /** A process that runs a TypeScript file of this folder, with the environment of our processes. */
  startScript(
    name: string,
    file: string,
    env?: Record<string, string>,
  ): Promise<{ process: TestProcess; ready: Record<string, string>; probe: Probe }>;
  /** The process that runs empty workflows, started at the first call. */
  floor(): Promise<Probe>;
  startEmpty(workflowId: string): Promise<WorkflowHandle<typeof emptyWorkflow>>;
  /** Another worker's calls: a client, a cache and lanes of its own. */
  anotherCaller(): Promise<{ calls: AppCalls; close(): Promise<void> }>;
  stop(): Promise<void>;
}

export async function startBench(env: Record<string, string> = {}): Promise<BenchStack> {
  const probes = mkdtempSync(join(tmpdir(), 'hawser-probe-'));
  const preload = `--require "${join(__dirname, 'probe-preload.cjs')}"`;
  const hawser = await startHawser('it is measured', {
    env: { NODE_OPTIONS: preload, HAWSER_BENCH_PROBES: probes, HAWSER_RATE_LIMIT: '100000000', ...env },
  });
  const open = () => openWorkerDeps(readWorkerConfig(hawser.env), createLogger({ service: 'bench', level: 'error' }));
  const deps = await open();
  const workspaceId = await onlyWorkspace(hawser, deps);
  const calls = createAppCalls(deps);
  const scripts: TestProcess[] = [];
  // A quota is the app's matter and not what is measured here.
  await hawser.emulators.policy('zendesk/acme', { requestQuota: 1_000_000_000 });
  const startScript: BenchStack['startScript'] = async (name, file, more = {}) => {
    const script = new TestProcess({
      name,
      entry: join(__dirname, file),
      env: { ...hawser.env, NODE_OPTIONS: `--require "${HOOK}" ${preload}`, ...more },
      logFile: join(hawser.dataDir, 'logs', `${name}.log`),
      readyWord: 'READY',
    });
    scripts.push(script);
    const ready = await script.start();
    return { process: script, ready, probe: new Probe(probes, () => script.pid) };
  };
  let floorProbe: Promise<Probe> | undefined;
  const floor = () => (floorProbe ??= startScript('floor-worker', 'floor-worker.ts').then(({ probe }) => probe));
  return {
    hawser,
    workspaceId,
    client: deps.client,
    deps,
    calls,
    worker: new Probe(probes, () => hawser.workers[0]!.pid),
    ref: (connectionId) => ({ workspaceId, connectionId }),
    actor: (connectionId) => deps.client.workflow.getHandle(connectionWorkflowId(workspaceId, connectionId)),
    startScript,
    floor,
    startEmpty: async (workflowId) => {
      await floor();
      return deps.client.workflow.start(emptyWorkflow, { taskQueue: FLOOR_QUEUE, workflowId });
    },
    anotherCaller: async () => {
      const own = await open();
      const others = createAppCalls(own);
      return { calls: others, close: async () => (others.close(), own.close()) };
    },
    stop: async () => {
      await Promise.all(scripts.map((script) => script.stop()));
      calls.close();
      await deps.close();
      await hawser.stop();
      rmSync(probes, { recursive: true, force: true });
    },
  };
}

/** The workspace of the API key, told by the store: the API never names it. */
async function onlyWorkspace(hawser: Hawser, deps: WorkerDeps): Promise<string> {
  const connector = await hawser.api.ok('POST', '/v1/app-clients', {
    app: 'zendesk',
    name: 'Bench probe',
    clientId: 'none',
    clientSecret: 'none-of-it',
  });
  const found = await deps.store.db.collection('appclients').findOne({ _id: connector.id as never });
  await hawser.api.ok('DELETE', `/v1/app-clients/${connector.id}`);
  return String(found?.['workspaceId']);
}
