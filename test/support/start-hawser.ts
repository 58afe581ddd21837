/**
 * A whole Hawser for one test file: emulators, worker(s) and gateway as real processes from dist/, on a namespace and a database
 * of their own within the Temporal and MongoDB that `npm test` has started.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Api } from './api.js';
import { runEntry, TestProcess } from './child-process.js';
import { EmulatorControl } from './emulator-control.js';
import { freePort } from './free-port.js';
import { makeNamespace, requiredEnv } from './test-namespace.js';

export interface HawserOptions {
  workers?: number;
  env?: Record<string, string>;
  /** Addresses through which the workers see Temporal and MongoDB (proxies of the test). */
  workersThrough?: { temporal?: string; mongo?: string };
  /** The same for the gateway. */
  gatewayThrough?: { temporal?: string; mongo?: string };
  /** The addresses under which the worker finds the apps: given the emulators' own, answers those of the test's proxies. */
  appsThrough?: (addresses: Record<string, string>) => Promise<Record<string, string>>;
  /** The port under which callers and browsers find the gateway: given the gateway's own, answers that of the test's proxy. */
  callersThrough?: (port: number) => Promise<number>;
  /** Another build of gateway and worker than the present one: its folder `dist`. */
  dist?: string;
  /** Servers of the test's own, instead of those that `npm test` has started. */
  servers?: { temporal: string; mongo: string };
}

/** What every test file may use, whether it is lent or the file's own. */
export interface BorrowedHawser {
  api: Api;
  emulators: EmulatorControl;
  addresses: Record<string, string>;
  dataDir: string;
  temporalAddress: string;
  namespace: string;
  mongoUri: string;
  /** Environment of our processes, for further ones. */
  env: NodeJS.ProcessEnv;
  /** A further workspace with its own key. */
  workspace(name: string): Promise<Api>;
  /** Everything that our processes have written. */
  logs(): string;
  stop(): Promise<void>;
}

/** One whose processes are the file's own, to be killed and started again. */
export interface Hawser extends BorrowedHawser {
  gateway: TestProcess;
  workers: TestProcess[];
  emulatorProcess: TestProcess;
}

const EMULATORS = [
  'control',
  'salesforceLogin',
  'salesforceSandboxLogin',
  'salesforceInstance',
  'salesforceSandboxInstance',
  'zendesk',
  'zendeskSandbox',
];
const CLEAN = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'NODE_OPTIONS'];

/** `why` a stack of its own is needed, and the lent one (borrow-hawser.ts) does not do: it takes 8 s of both cores. */
export async function startHawser(why: string, options: HawserOptions = {}): Promise<Hawser> {
  if (!why) throw new Error('Say why this file must have its own stack, or borrow one.');
  const temporalAddress = options.servers?.temporal ?? requiredEnv('HAWSER_TEST_TEMPORAL');
  const mongo = options.servers?.mongo ?? requiredEnv('HAWSER_TEST_MONGO');
  const name = `t${randomBytes(5).toString('hex')}`;
  const dataDir = dataFolder();
  const logs = join(dataDir, 'logs');
  mkdirSync(logs);
  // A build of its own kind (an older commit, a planted change) may have no bundled programs.
  const programs = options.dist ? join(options.dist, 'apps') : 'dist/bin';
  const namespaceMade = makeNamespace(temporalAddress, name);
  const base = Object.fromEntries(
    CLEAN.flatMap((key) => (process.env[key] === undefined ? [] : [[key, process.env[key]]])),
  );
  const mongoUri = databaseUri(mongo, name);

  const process_ = (label: string, entry: string, env: NodeJS.ProcessEnv, readyWord: string): TestProcess =>
    new TestProcess({ name: label, entry, env, readyWord, logFile: join(logs, `${label}.log`) });

  // Named beforehand: the emulators are found at the same ports when a test restarts them.
  const ports = Object.fromEntries(await Promise.all(EMULATORS.map(async (key) => [key, await freePort()])));
  const emulatorProcess = process_(
    'emulators',
    'dist/bin/emulators/main.js',
    { ...base, EMULATORS_DATA: join(dataDir, 'emulators'), EMULATORS_PORTS: JSON.stringify(ports) },
    'EMULATORS_READY',
  );
  const [addresses] = await Promise.all([emulatorProcess.start(), namespaceMade]);

  const gatewayPort = await freePort();
  const publicPort = (await options.callersThrough?.(gatewayPort)) ?? gatewayPort;
  const env: NodeJS.ProcessEnv = {
    ...base,
    HAWSER_DATA: dataDir,
    HAWSER_GATEWAY_PORT: String(gatewayPort),
    HAWSER_PUBLIC_URL: `http://127.0.0.1:${publicPort}`,
    TEMPORAL_ADDRESS: temporalAddress,
    TEMPORAL_NAMESPACE: name,
    MONGODB_URI: mongoUri,
    HAWSER_ORIGIN_MAP: JSON.stringify(originMap((await options.appsThrough?.(addresses)) ?? addresses)),
    HAWSER_RATE_LIMIT: '100000',
    // A lost answer is waited for so long before its renewal is repeated: two minutes are too long for a test.
    HAWSER_ANSWER_MS: '10000',
    ...options.env,
  };
  await runEntry(join(programs, 'worker/setup.js'), [], env);
  const workerEnv = envThrough(env, options.workersThrough);
  const workers = Array.from({ length: options.workers ?? 1 }, (_, index) =>
    process_(`worker-${index}`, join(programs, 'worker/main.js'), workerEnv, 'READY'),
  );
  const gateway = process_(
    'gateway',
    join(programs, 'gateway/main.js'),
    envThrough(env, options.gatewayThrough),
    'READY',
  );
  const url = `http://127.0.0.1:${publicPort}`;
  const workspace = async (label: string): Promise<Api> =>
    new Api(url, keyIn(await runEntry(join(programs, 'gateway/make-workspace.js'), ['create', '--name', label], env)));
  const [api] = await Promise.all([workspace('Tests'), gateway.start(), ...workers.map((worker) => worker.start())]);

  return {
    api,
    emulators: new EmulatorControl(addresses['control'] ?? ''),
    addresses,
    gateway,
    workers,
    emulatorProcess,
    dataDir,
    temporalAddress,
    namespace: name,
    mongoUri,
    env,
    workspace,
    logs: () =>
      readdirSync(logs)
        .map((file) => readFileSync(join(logs, file), 'utf8'))
        .join('\n'),
    stop: async () => {
      await Promise.all([gateway.stop(), ...workers.map((worker) => worker.stop())]);
      await emulatorProcess.stop();
      // In the folder of `npm test` all goes together, unless something failed.
      if (!process.env['HAWSER_TEST_KEEP'] && !process.env['HAWSER_TEST_FOLDER'])
        rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Named by the test file, so that its logs are found. */
function dataFolder(): string {
  const file = (globalThis as { expect?: typeof expect }).expect?.getState().testPath ?? 'lane';
  const folder = process.env['HAWSER_TEST_FOLDER'] ?? tmpdir();
  return mkdtempSync(join(folder, `${basename(file).replace(/\.(int\.)?(test|proof)\.ts$/, '')}-`));
}

function envThrough(
  env: NodeJS.ProcessEnv,
  { temporal, mongo }: { temporal?: string; mongo?: string } = {},
): NodeJS.ProcessEnv {
  return {
    ...env,
    ...(temporal && { TEMPORAL_ADDRESS: temporal }),
    ...(mongo && { MONGODB_URI: String(env.MONGODB_URI).replace(/\/\/[^/]+\//, `//${mongo}/`) }),
  };
}

/** The same server, another database. */
export function databaseUri(uri: string, database: string): string {
  const [, server = '', query = ''] = /^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?(\?.*)?$/.exec(uri) ?? [];
  return `${server}/${database}${query}`;
}

function originMap(emulators: Record<string, string>): Record<string, string | undefined> {
  return {
    'https://login.salesforce.com': emulators['salesforceLogin'],
    'https://test.salesforce.com': emulators['salesforceSandboxLogin'],
    'https://*.sandbox.my.salesforce.com': emulators['salesforceSandboxInstance'],
    'https://*.my.salesforce.com': emulators['salesforceInstance'],
    'https://acme-sandbox.zendesk.com': emulators['zendeskSandbox'],
    'https://*.zendesk.com': emulators['zendesk'],
  };
}

function keyIn(output: string): string {
  const key = /hk_[A-Za-z0-9_-]{20,}/.exec(output)?.[0];
  if (!key) throw new Error(`No API key in: ${output}`);
  return key;
}
