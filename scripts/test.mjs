// `npm test`: the checks (lint, format, walls, types), then Jest on one Temporal server and one MongoDB server of its own. The
// last line is `N passed, N failed`, counting each Jest test and each check. With arguments (`npm test -- vault`) they
// go to Jest and the checks are left out.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkNode } from './stack/checks.mjs';
import { messageOf } from './stack/clear-error.mjs';
import { installPackages } from './stack/install-packages.mjs';
import { countJest, noTests, summaryLine } from './stack/jest-count.mjs';
import { createProgress } from './stack/progress.mjs';
import { createShutdown } from './stack/shutdown.mjs';
import { endShown, runShown } from './stack/run-shown.mjs';
import { startMongo } from './stack/start-mongo.mjs';
import { startTemporal } from './stack/start-temporal.mjs';

const CHECKS = { lint: 'lint', format: 'format:check', walls: 'walls', types: 'typecheck' };

const root = fileURLToPath(new URL('..', import.meta.url));
const jestArguments = process.argv.slice(2);
const progress = createProgress();
const shutdown = createShutdown({ log: progress.line });
const stack = shutdown.group();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hawser-test-'));
const counts = noTests();

async function main() {
  checkNode();
  await progress.step('Packages', (note) => installPackages({ root, logFile: path.join(folder, 'install.log'), note }));
  const servers = Promise.all([
    startServer('Temporal', startTemporal, process.env.HAWSER_TEST_TEMPORAL),
    startServer('MongoDB', startMongo, process.env.HAWSER_TEST_MONGO),
  ]);
  servers.catch(() => {}); // looked at below; the checks go on meanwhile
  if (jestArguments.length === 0) for (const [name, script] of Object.entries(CHECKS)) await check(name, script);
  // Tests across processes start what was built. A build that fails counts; one that works is no test.
  if (!(await shown('build', 'npm', ['run', '--silent', 'build']))) counts.failed += 1;
  const [temporal, mongo] = await servers;
  await runJest({ HAWSER_TEST_TEMPORAL: temporal.address, HAWSER_TEST_MONGO: mongo.uri });
}

// Our own servers, also where TEMPORAL_ADDRESS or MONGODB_URI is set: tests must not write into somebody's data.
// Whoever wants them to run on another server (a real MongoDB in CI) says so by the names that the tests themselves
// read.
const startServer = (label, start, external = null) =>
  progress.step(label, async (note) =>
    stack.add(await start({ dataDir: folder, namespace: 'default', external, log: progress.line, note })),
  );

async function check(name, script) {
  const passed = await shown(name, 'npm', ['run', '--silent', script]);
  counts[passed ? 'passed' : 'failed'] += 1;
}

async function shown(name, command, args, env) {
  const began = Date.now();
  const passed = await runShown(command, args, { cwd: root, env });
  progress.line(`  ${passed ? '✓' : '✗'}  ${name}  ${((Date.now() - began) / 1000).toFixed(1)} s`);
  return passed;
}

async function runJest(env) {
  const report = path.join(folder, 'jest.json');
  const jest = path.join('node_modules', 'jest', 'bin', 'jest.js');
  const passed = await shown('jest', process.execPath, [jest, '--json', `--outputFile=${report}`, ...jestArguments], {
    ...process.env,
    ...env,
  });
  countJest(counts, report, passed);
}

let finishing;
const finish = () => (finishing ??= stopAndTell());

async function stopAndTell() {
  endShown();
  await shutdown.stop();
  // What failed may be explained by the servers' logs; what passed needs none.
  if (counts.failed === 0) fs.rmSync(folder, { recursive: true, force: true });
  else progress.line(`Logs of the servers: ${path.join(folder, 'logs')}`);
  console.log(summaryLine(counts));
  process.exit(counts.failed === 0 ? 0 : 1);
}

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(name, () => {
    counts.failed += 1;
    progress.line(`Interrupted (${name}); stopping the servers …`);
    void finish();
  });
}

try {
  await main();
} catch (error) {
  counts.failed += 1;
  progress.line(messageOf(error));
}
await finish();
