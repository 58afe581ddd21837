// `npm run proof`: the experiments behind docs/proof.md, in full. `npm run proof -- matrix | storm | many | long-life | rival | tests | report`, or
// `npm run proof -- cell <id>` for one cell of the kill matrix; without a word all of them. An interrupted matrix goes on where it stood.
// Options: --lanes N, --minutes N, --seed N, --seeds N, --jobs N (of `many`; default 20,000), --fresh, --built (do not build again).
import './stack/forget-blank-settings.mjs';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeReport } from './proof/write-report.mjs';
import { checkNode } from './stack/checks.mjs';
import { ClearError, messageOf } from './stack/clear-error.mjs';
import { installPackages } from './stack/install-packages.mjs';
import { createProgress } from './stack/progress.mjs';
import { endShown, runShown } from './stack/run-shown.mjs';
import { createShutdown } from './stack/shutdown.mjs';
import { startMongo } from './stack/start-mongo.mjs';
import { startTemporal } from './stack/start-temporal.mjs';
import { startTestStacks } from './stack/start-test-stacks.mjs';
import { TEST_LIMITS } from './stack/test-limits.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const proofFolder = path.join(root, '.cache', 'proof');
const words = process.argv.slice(2);
const valued = ['--lanes', '--minutes', '--seed', '--seeds', '--jobs'];
const options = [...valued, '--fresh', '--built'];
const option = (name) => (words.includes(name) ? words[words.indexOf(name) + 1] : undefined);
const [command = 'all', cell] = words.filter((word, at) => !word.startsWith('--') && !valued.includes(words[at - 1]));

const progress = createProgress();
const shutdown = createShutdown({ log: progress.line });
const stack = shutdown.group();
const lentStacks = shutdown.group();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hawser-proof-'));

// What each word runs, and the file of its measurements. A `*.proof.ts` takes too long for `npm test`, or was not yet seen green on a
// quiet machine.
const PARTS = {
  matrix: ['test/proof/kill-matrix.int'],
  storm: ['--testMatch', '**/test/proof/storm.proof.ts'],
  many: ['--testMatch', '**/test/proof/big-and-many.proof.ts'],
  'long-life': ['--testMatch', '**/test/proof/long-life.proof.ts'],
  rival: ['--testMatch', '**/test/rival/*.{test,proof}.ts'],
  tests: [
    '--testMatch',
    '**/test/{promises,herds,stores,upgrade,security,fuzz,e2e}/*.{test,proof}.ts',
    '**/libs/**/*.proof.ts',
  ],
};
const chosen =
  command === 'all' ? Object.keys(PARTS) : command === 'cell' ? ['matrix'] : PARTS[command] ? [command] : [];

async function main() {
  const unknown = words.find((word) => word.startsWith('--') && !options.includes(word));
  if (unknown || (chosen.length === 0 && command !== 'report'))
    throw new ClearError(
      `${unknown ?? command} is not known. Say one of: ${[...Object.keys(PARTS), 'cell <id>', 'report'].join(', ')}; options: ${options.join(', ')}.`,
    );
  fs.mkdirSync(proofFolder, { recursive: true });
  let passed = true;
  if (chosen.length > 0) {
    const servers = await prepare();
    for (const part of chosen) passed = (await runPart(part, servers)) && passed;
  }
  if (command !== 'cell') writeReport({ root, proofFolder, log: progress.line });
  return passed;
}

async function prepare() {
  checkNode();
  await progress.step('Packages', (note) => installPackages({ root, logFile: path.join(folder, 'install.log'), note }));
  const start = (name, begin, settings = {}) =>
    progress.step(name, async (note) =>
      stack.add(
        await begin({ dataDir: folder, namespace: 'default', external: null, log: progress.line, note, ...settings }),
      ),
    );
  const servers = Promise.all([
    start('Temporal', startTemporal, { dynamicConfig: TEST_LIMITS }),
    start('MongoDB', startMongo),
  ]);
  servers.catch(() => {}); // awaited below; the build goes on meanwhile
  if (!words.includes('--built') && !(await runShown('npm', ['run', '--silent', 'build'], { cwd: root })))
    throw new ClearError('The build failed.');
  const [temporal, mongo] = await servers;
  const env = { HAWSER_TEST_TEMPORAL: temporal.address, HAWSER_TEST_MONGO: mongo.uri };
  const lent = lentStacks.add(await startTestStacks({ root, folder, lanes: 0, env }));
  return { ...env, ...lent.env };
}

async function runPart(part, servers) {
  const env = {
    ...process.env,
    ...servers,
    HAWSER_PROOF: 'full',
    HAWSER_PROOF_OUT: path.join(proofFolder, `${part}.jsonl`),
    HAWSER_PROOF_CELLS: path.join(proofFolder, 'cells.jsonl'),
    HAWSER_PROOF_LANES: option('--lanes') ?? '2',
    ...(option('--minutes') && { HAWSER_PROOF_MINUTES: option('--minutes') }),
    ...(option('--seed') && { HAWSER_PROOF_SEED: option('--seed') }),
    ...(option('--seeds') && { HAWSER_PROOF_SEEDS: option('--seeds') }),
    ...(option('--jobs') && { HAWSER_MANY: option('--jobs') }),
    ...(words.includes('--fresh') && { HAWSER_PROOF_FRESH: '1' }),
    ...(command === 'cell' && { HAWSER_PROOF_CELL: cell }),
  };
  const jest = path.join('node_modules', 'jest', 'bin', 'jest.js');
  const passed = await runShown(process.execPath, [jest, ...PARTS[part]], { cwd: root, env });
  progress.line(`  ${passed ? '✓' : '✗'}  ${part}`);
  return passed;
}

async function leave(code) {
  endShown();
  await shutdown.stop();
  if (code === 0) fs.rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(name, () => void leave(1));

main().then(
  (passed) => leave(passed ? 0 : 1),
  (error) => {
    progress.line(messageOf(error));
    void leave(1);
  },
);
