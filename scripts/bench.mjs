// `npm run bench`: installs and builds what is missing, starts a Temporal server and a MongoDB server of its own, and measures
// (test/bench/main.ts). With arguments (`npm run bench -- lease growth`) only those parts. HAWSER_BENCH_SIZES=10,100 chooses the
// sizes of the part growth.
import './stack/forget-blank-settings.mjs';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkNode } from './stack/checks.mjs';
import { messageOf } from './stack/clear-error.mjs';
import { installPackages } from './stack/install-packages.mjs';
import { createProgress } from './stack/progress.mjs';
import { runCommand } from './stack/run-command.mjs';
import { endShown, runShown } from './stack/run-shown.mjs';
import { createShutdown } from './stack/shutdown.mjs';
import { startMongo } from './stack/start-mongo.mjs';
import { startTemporal } from './stack/start-temporal.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const progress = createProgress();
const shutdown = createShutdown({ log: progress.line });
const stack = shutdown.group();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hawser-bench-'));

async function main() {
  checkNode();
  const logFile = (name) => path.join(folder, 'logs', `${name}.log`);
  const [temporal, mongo] = await Promise.all([
    startServer('Temporal', startTemporal, process.env.HAWSER_TEST_TEMPORAL),
    startServer('MongoDB', startMongo, process.env.HAWSER_TEST_MONGO),
    progress
      .step('Packages', (note) => installPackages({ root, logFile: logFile('install'), note }))
      .then(() =>
        progress.step('Build', () =>
          runCommand('npm', ['run', '--silent', 'build'], {
            cwd: root,
            logFile: logFile('build'),
            failure: 'The build failed',
          }),
        ),
      ),
  ]);
  const hook = path.join(root, 'scripts', 'stack', 'typescript-hook.cjs');
  return runShown(
    process.execPath,
    ['--require', hook, path.join('test', 'bench', 'main.ts'), ...process.argv.slice(2)],
    {
      cwd: root,
      env: {
        ...process.env,
        HAWSER_TEST_TEMPORAL: temporal.address,
        HAWSER_TEST_MONGO: mongo.uri,
        HAWSER_BENCH_PIDS: JSON.stringify({ Temporal: temporal.pid, MongoDB: mongo.pid }),
      },
    },
  );
}

// Servers of our own, also where others are set for `npm start`: see scripts/test.mjs.
const startServer = (label, start, external = null) =>
  progress.step(label, async (note) =>
    stack.add(await start({ dataDir: folder, namespace: 'default', external, log: progress.line, note })),
  );

let leaving;
const leave = (passed) => (leaving ??= stopAndLeave(passed));

async function stopAndLeave(passed) {
  endShown();
  await shutdown.stop();
  if (passed) fs.rmSync(folder, { recursive: true, force: true });
  else progress.line(`Logs of the servers: ${path.join(folder, 'logs')}`);
  process.exit(passed ? 0 : 1);
}

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(name, () => void leave(false));

main().then(leave, (error) => {
  progress.line(messageOf(error));
  void leave(false);
});
