import { ClearError } from './clear-error.mjs';
import { openOutputLog } from './output-log.mjs';
import { signal, spawnOwned } from './owned-process.mjs';
import { seconds } from './progress.mjs';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
const STEADY_AFTER_MS = 60_000;

/**
 * Keeps one child running. `isReady({ waitForLine, exited })` resolves when the child serves; what it resolves to for
 * the first child is the value of `ready`. A child that dies before it was ever ready is a failed start: `ready`
 * rejects with its last words. One that dies later is started again, after a pause that grows while it keeps dying,
 * with one line that says so.
 */
export function supervise({ name, command, args, env, cwd, logFile, runFolder, isReady, log, graceMs = 10_000 }) {
  const output = openOutputLog(logFile);
  let child, exited, wake;
  let [stopping, everReady, failures] = [false, false, 0];

  const ready = new Promise((resolve, reject) => void keepAlive(resolve, reject));
  ready.catch(() => {}); // the caller may look at it later

  async function keepAlive(resolve, reject) {
    while (!stopping) {
      const began = Date.now();
      start((value) => {
        if (everReady) log(`${name} serves again after ${seconds(Date.now() - began)}`);
        everReady = true;
        resolve(value);
      }, reject);
      const how = await exited;
      if (stopping) break;
      if (!everReady) {
        reject(
          new ClearError(
            `${name} did not start (${how}): ${output.tail.slice(-3).join(' | ') || 'it said nothing'} (log: ${logFile})`,
          ),
        );
        break;
      }
      failures = Date.now() - began > STEADY_AFTER_MS ? 1 : failures + 1;
      const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
      log(`${name} died (${how}); starting it again in ${seconds(pause)} (log: ${logFile})`);
      await Promise.race([new Promise((go) => setTimeout(go, pause)), new Promise((go) => (wake = go))]);
    }
    output.close();
  }

  function start(onReady, onFailed) {
    output.note(`starting ${name}`);
    const waiters = [];
    const mine = spawnOwned({ name, command, args, env, cwd, runFolder });
    child = mine;
    exited = new Promise((resolve) => {
      mine.once('error', (error) => resolve(error.message));
      mine.once('close', (code, signalName) => resolve(signalName ?? `exit ${code}`));
    });
    const heard = (line) => waiters.forEach((hear) => hear(line));
    if (mine.stdout) output.follow(mine.stdout, heard);
    if (mine.stderr) output.follow(mine.stderr, heard);
    const gone = exited.then((how) => Promise.reject(new Error(how)));
    gone.catch(() => {});
    const waitForLine = (pattern) =>
      Promise.race([gone, new Promise((resolve) => waiters.push((line) => pattern.test(line) && resolve(line)))]);
    isReady({ waitForLine, gone }).then(
      onReady,
      (error) => error instanceof ClearError && !everReady && (onFailed(error), stop()),
    );
  }

  async function stop() {
    stopping = true;
    wake?.();
    if (!child || child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    signal(child, 'SIGTERM');
    const killer = setTimeout(() => signal(child, 'SIGKILL'), graceMs);
    await exited;
    clearTimeout(killer);
  }

  return {
    ready,
    stop,
    get pid() {
      return child?.pid;
    },
  };
}

/** For programs that print `READY {json}` (or another word): resolves to the parsed json. */
export const readyLine =
  (word) =>
  async ({ waitForLine }) => {
    const line = await waitForLine(new RegExp(`^${word}\\b`));
    const rest = line.slice(word.length).trim();
    try {
      return rest ? JSON.parse(rest) : {};
    } catch {
      throw new ClearError(`the line after ${word} is no JSON: ${rest.slice(0, 200)}`);
    }
  };
