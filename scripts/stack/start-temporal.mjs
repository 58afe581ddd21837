import fs from 'node:fs';
import path from 'node:path';
import { ClearError } from './clear-error.mjs';
import { waitUntilServing } from './grpc-health.mjs';
import { obtainTemporal } from './obtain-temporal.mjs';
import { freePort } from './ports.mjs';
import { privateFolder } from './private-folder.mjs';
import { supervise } from './supervise.mjs';
import { temporalAccess } from './temporal-access.mjs';
import { SEARCH_ATTRIBUTES, setRetention } from './temporal-namespace.mjs';

const START_LIMIT_MS = 60_000;

/**
 * The Temporal server: that of `TEMPORAL_ADDRESS` where it is set (then the namespace is its operator's business),
 * otherwise the development server on one file in `dataDir`. `fresh` is true when that file is new, and stays so over restarts
 * until `settled()` is called: actors must then be rebuilt from their projections, and a start that is killed before that must
 * not leave them lost. The file carries the server's version: another version starts a new one, never half
 * of an old one. `dynamicConfig`: settings of the server by their names in Temporal's dynamic configuration.
 */
export async function startTemporal({
  dataDir,
  port,
  uiPort,
  namespace = 'hawser',
  searchAttributes = SEARCH_ATTRIBUTES,
  codecEndpoint,
  dynamicConfig = {},
  log = console.error,
  note = () => {},
  external = process.env.TEMPORAL_ADDRESS,
}) {
  if (external) return useExternal(external, namespace, note);
  const program = await obtainTemporal({ note });
  note(`server ${program.serverVersion}, ${program.way}`);
  const folder = path.join(dataDir, 'temporal');
  privateFolder(folder);
  const database = path.join(folder, `server-${program.serverVersion}.sqlite`);
  const unsettled = `${database}.unsettled`;
  if (!fs.existsSync(database)) fs.writeFileSync(unsettled, '');
  const ports = { api: port ?? (await freePort()), ui: uiPort ?? (await freePort()) };
  const address = `127.0.0.1:${ports.api}`;

  const server = supervise({
    name: 'temporal',
    command: program.file,
    args: serverArguments({ database, ports, namespace, searchAttributes, codecEndpoint, dynamicConfig }),
    logFile: path.join(dataDir, 'logs', 'temporal.log'),
    runFolder: path.join(dataDir, 'run'),
    log,
    isReady: async ({ gone }) => {
      const serves = await Promise.race([gone, waitUntilServing(address, START_LIMIT_MS)]);
      if (!serves)
        throw new ClearError(`the Temporal server does not answer at ${address} after ${START_LIMIT_MS / 1000} s`);
    },
  });
  try {
    await server.ready;
    await setRetention({ file: program.file, address, namespace });
  } catch (error) {
    await server.stop();
    throw error;
  }
  return {
    address,
    program: program.file,
    uiUrl: `http://127.0.0.1:${ports.ui}`,
    namespace,
    fresh: fs.existsSync(unsettled),
    settled: () => fs.rmSync(unsettled, { force: true }),
    stop: server.stop,
    get pid() {
      return server.pid;
    },
  };
}

function serverArguments({ database, ports, namespace, searchAttributes, codecEndpoint, dynamicConfig }) {
  const args = [
    'server',
    'start-dev',
    '--db-filename',
    database,
    '--ip',
    '127.0.0.1',
    '--port',
    ports.api,
    '--ui-port',
    ports.ui,
  ];
  args.push('--namespace', namespace, '--log-level', 'error');
  // WAL with synchronous=normal: what was acknowledged survives kill -9, at two to three times the speed.
  args.push('--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=normal');
  const always = { 'frontend.enableServerVersionCheck': false, 'matching.enableFairness': true };
  for (const [name, value] of Object.entries({ ...always, ...dynamicConfig }))
    args.push('--dynamic-config-value', `${name}=${JSON.stringify(value)}`);
  for (const [name, type] of Object.entries(searchAttributes)) args.push('--search-attribute', `${name}=${type}`);
  if (codecEndpoint) args.push('--ui-codec-endpoint', codecEndpoint);
  return args.map(String);
}

async function useExternal(address, namespace, note) {
  note(`TEMPORAL_ADDRESS ${address}`);
  const access = temporalAccess();
  let fault = '';
  if (!(await waitUntilServing(address, 5000, access, (code) => (fault = ` (${code})`))))
    throw new ClearError(
      `TEMPORAL_ADDRESS is ${address}, but no Temporal server answers there ${access.tls ? 'by TLS' : 'without TLS'}${fault}. Start it, correct the settings TEMPORAL_…, or unset TEMPORAL_ADDRESS to use the embedded one.`,
    );
  return {
    address,
    uiUrl: process.env.TEMPORAL_UI_ORIGIN,
    namespace,
    fresh: false,
    settled: () => {},
    stop: async () => {},
    pid: undefined,
  };
}
