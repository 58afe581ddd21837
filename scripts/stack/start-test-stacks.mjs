import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

const READY_LIMIT_MS = 60_000;

/**
 * The process that lends running Hawsers to test files (test/stacks/main.ts). Needs the build. `lanes`: how many of them are started
 * beforehand. Resolves to the variable by which tests find it.
 */
export async function startTestStacks({ root, folder, lanes, env }) {
  const log = fs.openSync(path.join(folder, 'stacks.log'), 'a');
  const hook = path.join(root, 'scripts', 'stack', 'typescript-hook.cjs');
  const child = spawn(process.execPath, ['--require', hook, path.join('test', 'stacks', 'main.ts')], {
    cwd: root,
    env: { ...process.env, ...env, HAWSER_TEST_LANES: String(lanes) },
    stdio: ['ignore', 'pipe', log],
    // Ctrl-C reaches us alone, and we stop things in order.
    detached: true,
  });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const stop = async () => {
    child.kill('SIGTERM');
    await gone;
  };
  process.once('exit', () => child.exitCode ?? child.kill('SIGTERM'));
  const address = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The stacks for the tests do not start.')), READY_LIMIT_MS);
    void gone.then(() => reject(new Error(`The stacks for the tests ended: ${path.join(folder, 'stacks.log')}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith('READY ')) return;
      clearTimeout(timer);
      resolve(line.slice('READY '.length));
    });
  });
  return { env: { HAWSER_TEST_STACKS: address }, stop };
}
