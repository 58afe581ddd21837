// `npm test`: the checks (lint, format, walls, types) beside Jest on one Temporal server and one MongoDB server of its own. The
// last line is `N passed, N failed`, counting each Jest test and each check. With arguments (`npm test -- vault`) they
// go to Jest and the checks are left out; what is pure is run without servers and build.
import './stack/forget-blank-settings.mjs';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfChanged } from './stack/build-if-changed.mjs';
import { checkNode } from './stack/checks.mjs';
import { messageOf } from './stack/clear-error.mjs';
import { installPackages } from './stack/install-packages.mjs';
import { countJest, noTests, summaryLine } from './stack/jest-count.mjs';
import { createProgress } from './stack/progress.mjs';
import { createShutdown } from './stack/shutdown.mjs';
import { endShown, runShown } from './stack/run-shown.mjs';
import { selectTests } from './stack/select-tests.mjs';
import { readTestFiles, slowest } from './stack/slowest-files.mjs';
import { startMongo } from './stack/start-mongo.mjs';
import { startTemporal } from './stack/start-temporal.mjs';
import { startTestStacks } from './stack/start-test-stacks.mjs';
import { TEST_LIMITS } from './stack/test-limits.mjs';

const CHECKS = { types: 'typecheck', lint: 'lint', walls: 'walls', format: 'format:check' };
/** Lent to the test files by turns; as many as Jest runs side by side. */
const LANES = 4;

const root = fileURLToPath(new URL('..', import.meta.url));
const jestArguments = process.argv.slice(2);
const progress = createProgress();
const shutdown = createShutdown({ log: progress.line });
const servers = shutdown.group();
const stacks = shutdown.group();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hawser-test-'));
const report = path.join(folder, 'jest.json');
const counts = noTests();

async function main() {
  checkNode();
  await progress.step('Packages', (note) => installPackages({ root, logFile: path.join(folder, 'install.log'), note }));
  const everything = jestArguments.length === 0;
  const files = everything ? null : selectTests(root, jestArguments);
  const needsStack = files === null || files.some((file) => file.endsWith('.int.test.ts'));
  // The checks are busy where the tests wait: together they take little longer than the tests alone.
  const checks = everything ? checkAll() : Promise.resolve();
  await runJest(needsStack ? await prepareStack(files) : {});
  await checks;
}

async function prepareStack(files) {
  const [temporal, mongo] = await Promise.all([
    startServer('Temporal', startTemporal, process.env.HAWSER_TEST_TEMPORAL, { dynamicConfig: TEST_LIMITS }),
    startServer('MongoDB', startMongo, process.env.HAWSER_TEST_MONGO),
    build(),
  ]);
  const env = {
    HAWSER_TEST_TEMPORAL: temporal.address,
    HAWSER_TEST_MONGO: mongo.uri,
    HAWSER_TEST_FOLDER: folder,
    ...(temporal.program && { HAWSER_TEST_TEMPORAL_PROGRAM: temporal.program }),
  };
  const lanes = Math.min(LANES, files?.length ?? LANES);
  const lent = stacks.add(await startTestStacks({ root, folder, lanes, env }));
  return { ...env, ...lent.env };
}

// Tests across processes start what was built. A build that fails counts; one that works is no test.
async function build() {
  const built = await buildIfChanged(root, () => shown('build', 'npm', ['run', '--silent', 'build']));
  if (!built) counts.failed += 1;
}

// Our own servers, also where TEMPORAL_ADDRESS or MONGODB_URI is set: tests must not write into somebody's data.
// Whoever wants them to run on another server (a real MongoDB in CI) says so by the names that the tests themselves
// read.
const startServer = (label, start, external = null, options = {}) =>
  progress.step(label, async (note) =>
    servers.add(await start({ dataDir: folder, namespace: 'default', external, log: progress.line, note, ...options })),
  );

async function checkAll() {
  for (const [name, script] of Object.entries(CHECKS)) {
    const passed = await shown(name, 'nice', ['npm', 'run', '--silent', script]);
    counts[passed ? 'passed' : 'failed'] += 1;
  }
}

async function shown(name, command, args, env) {
  const began = Date.now();
  const passed = await runShown(command, args, { cwd: root, env });
  progress.line(`  ${passed ? '✓' : '✗'}  ${name}  ${((Date.now() - began) / 1000).toFixed(1)} s`);
  return passed;
}

async function runJest(env) {
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
  const files = readTestFiles(root, report);
  if (files.length > 1) progress.line(`The slowest files:\n${slowest(files).join('\n')}`);
  for (const { file } of files.filter(({ failed }) => failed)) progress.line(`  ✗  ${file}  ${logsOf(file).join(' ')}`);
  // What failed may be explained by the logs; what passed needs none.
  if (counts.failed === 0) fs.rmSync(folder, { recursive: true, force: true });
  else progress.line(`Logs of Temporal and MongoDB: ${path.join(folder, 'logs')}`);
  console.log(summaryLine(counts));
  process.exit(counts.failed === 0 ? 0 : 1);
}

/** Where the processes that a test file worked with have written. */
function logsOf(file) {
  const loans = path.join(folder, 'loans.log');
  const lent = fs.existsSync(loans) ? fs.readFileSync(loans, 'utf8').split('\n') : [];
  const own = path.basename(file).replace(/\.(int\.)?test\.ts$/, '');
  return [
    ...lent.flatMap((line) => (line.startsWith(`${path.join(root, file)} `) ? [line.split(' ').at(-1)] : [])),
    ...fs.readdirSync(folder).flatMap((name) => (name.startsWith(`${own}-`) ? [path.join(folder, name)] : [])),
  ].map((place) => path.join(place, 'logs'));
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
