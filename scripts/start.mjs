// `npm start`: brings everything up on one machine from a fresh clone, and keeps it up. `--empty` leaves the demo out.
import './stack/forget-blank-settings.mjs';
import fs from 'node:fs';
import path from 'node:path';
import { buildIfChanged } from './stack/build-if-changed.mjs';
import { fileURLToPath } from 'node:url';
import { runDemo } from './demo.mjs';
import { checkDataFolder, checkDisk, checkNode, checkTemporalSettings } from './stack/checks.mjs';
import { messageOf } from './stack/clear-error.mjs';
import { createApps } from './stack/start-apps.mjs';
import { claimDataFolder } from './stack/claim-data-folder.mjs';
import { emulatorsEnv, hawserEnv } from './stack/hawser-env.mjs';
import { installPackages } from './stack/install-packages.mjs';
import { requireFreePorts } from './stack/ports.mjs';
import { probeOnce } from './stack/probe-mongo.mjs';
import { createProgress, seconds } from './stack/progress.mjs';
import { runCommand } from './stack/run-command.mjs';
import { portsWeTake, readPorts } from './stack/settings.mjs';
import { createShutdown } from './stack/shutdown.mjs';
import { startMongo } from './stack/start-mongo.mjs';
import { socketPath } from './stack/socket-path.mjs';
import { startTemporal } from './stack/start-temporal.mjs';
import { CODEC_PATH, startUiProxy } from './stack/ui-proxy.mjs';
import { welcome } from './stack/welcome.mjs';

// The first start needs room for packages, build, both databases and, where they must be built, the servers.
const NEEDED_DISK_MB = { first: 1500, later: 300 };

const root = fileURLToPath(new URL('..', import.meta.url));
const dataDir = path.resolve(root, process.env.HAWSER_DATA ?? '.data');
const progress = createProgress();
const shutdown = createShutdown({ log: progress.line });
// In the order of starting; stopping goes backwards: worker and gateway first, the databases last.
const [temporalGroup, mongoGroup, emulatorsGroup, appsGroup] = [1, 2, 3, 4].map(() => shutdown.group());

async function main() {
  const began = Date.now();
  checkNode();
  checkTemporalSettings();
  checkDataFolder(dataDir);
  checkDisk(dataDir, fs.existsSync(path.join(root, 'node_modules')) ? NEEDED_DISK_MB.later : NEEDED_DISK_MB.first);
  await claimDataFolder(dataDir, progress.line);
  const ports = readPorts();
  await requireFreePorts(portsWeTake(ports));
  const codecSocket = socketPath(dataDir, 'codec');

  const [temporal, mongo] = await bringUpGround({ ports, codecSocket });
  const running = await bringUpApps({ ports, codecSocket, temporal, mongo });
  const addresses = { ...running, temporalUi: temporal.uiUrl, uiCodeFile: temporal.uiCodeFile };
  if (!process.argv.includes('--empty')) await playDemo(addresses);
  welcome({ addresses, dataDir, took: seconds(Date.now() - began), line: progress.line });
}

/** Packages and build, and beside them both databases: on a first start each of the three takes minutes. */
async function bringUpGround({ ports, codecSocket }) {
  const log = progress.line;
  const results = await allOrFirstFailure([
    progress.step('Temporal', async (note) =>
      behindProxy(
        temporalGroup.add(
          await startTemporal({
            dataDir,
            port: ports.temporal,
            codecEndpoint: `http://127.0.0.1:${ports.temporalUi}${CODEC_PATH}`,
            namespace: process.env.TEMPORAL_NAMESPACE,
            log,
            note,
          }),
        ),
        { port: ports.temporalUi, codecSocket },
      ),
    ),
    progress.step('MongoDB', async (note) =>
      mongoGroup.add(await startMongo({ dataDir, ...mongoPlace(ports), log, note })),
    ),
    installAndBuild(),
  ]);
  return results.slice(0, 2);
}

const mongoPlace = (ports) =>
  process.platform === 'win32' ? { port: ports.mongo } : { socket: socketPath(dataDir, 'mongo') };

/** The embedded server's Web UI is reached through our door only; that of somebody else's server is theirs. */
async function behindProxy(temporal, { port, codecSocket }) {
  if (temporal.pid === undefined) return temporal;
  const uiPort = Number(new URL(temporal.uiUrl).port);
  const proxy = temporalGroup.add(await startUiProxy({ dataDir, port, uiPort, codecSocket }));
  const { address, namespace, fresh, settled } = temporal;
  const ownAddress = `127.0.0.1:${uiPort}`;
  return { address, namespace, fresh, settled, ownAddress, uiUrl: proxy.url, uiCodeFile: proxy.codeFile };
}

async function installAndBuild() {
  const logs = path.join(dataDir, 'logs');
  await progress.step('Packages', (note) => installPackages({ root, logFile: path.join(logs, 'install.log'), note }));
  await progress.step('Build', async (note) => {
    note('nothing has changed');
    await buildIfChanged(root, async () => {
      note(undefined);
      await runCommand('npm', ['run', '--silent', 'build'], {
        cwd: root,
        logFile: path.join(logs, 'build.log'),
        failure: 'The build failed',
      });
      return true;
    });
  });
}

async function bringUpApps({ ports, codecSocket, temporal, mongo }) {
  const { engine, uri } = mongo;
  if (engine) await progress.step('Probe', (note) => probeOnce({ dataDir, engine, uri, root, note }));
  const apps = createApps({ root, dataDir, log: progress.line });
  const emulators = await progress.step(
    'Emulators',
    () =>
      emulatorsGroup.add(
        apps.emulators(emulatorsEnv({ dataDir: path.join(dataDir, 'emulators'), ports: ports.emulators })),
      ).ready,
  );
  const env = hawserEnv({
    dataDir,
    gatewayPort: ports.gateway,
    publicUrl: process.env.HAWSER_PUBLIC_URL,
    temporal,
    mongoUri: mongo.uri,
    emulators,
    codecSocket,
  });
  await progress.step('Keys', () => apps.setup(env));
  const { keyFile } = await progress.step('Workspace', () =>
    apps.workspace(env, (text) => progress.line(`     ${text}`)),
  );
  if (temporal.fresh) await rebuild({ apps, env, temporal });
  // One port for each process.
  const { HAWSER_METRICS_PORT: metrics } = env;
  const workerEnv = metrics ? { ...env, HAWSER_METRICS_PORT: String(Number(metrics) + 1) } : env;
  await allOrFirstFailure([
    progress.step('Worker', () => appsGroup.add(apps.worker(workerEnv)).ready),
    progress.step('Gateway', () => appsGroup.add(apps.gateway(env)).ready),
  ]);
  return { api: env.HAWSER_PUBLIC_URL, emulators, keyFile };
}

/** A new Temporal database knows no actor: each is started again from its projection, before anybody can ask for it. */
async function rebuild({ apps, env, temporal }) {
  await progress.step('Rebuild', async (note) => {
    const { connections, recipes, lostJobs } = await apps.rebuild(env);
    const lost = lostJobs ? `; ${lostJobs} open jobs were lost with the old database` : '';
    note(
      connections + recipes
        ? `${connections} connections and ${recipes} recipes started again${lost}`
        : 'nothing to do',
    );
  });
  temporal.settled();
}

/** A demo that fails takes nothing down: what runs is of use all the same, and its logs tell why. */
async function playDemo({ api, keyFile }) {
  const apiKey = fs.readFileSync(keyFile, 'utf8').trim();
  try {
    await progress.step('Demo', (note) => runDemo({ api, apiKey, log: progress.line, note }));
  } catch (error) {
    progress.line(`     The demo did not come to its end: ${error.message} (logs: ${path.join(dataDir, 'logs')})`);
  }
}

// Promise.all leaves the others running when one fails; their later failures must not become unhandled.
function allOrFirstFailure(promises) {
  promises.forEach((one) => one.catch(() => {}));
  return Promise.all(promises);
}

async function leave(code) {
  await shutdown.stop();
  process.exit(code);
}

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(name, () => {
    progress.line('Stopping: worker and gateway, emulators, databases …');
    process.once(name, () => process.exit(1)); // a second Ctrl-C does not wait
    void leave(0);
  });
}

main().catch((error) => {
  progress.line(messageOf(error));
  void leave(1);
});
