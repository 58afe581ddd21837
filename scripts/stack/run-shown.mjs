import { spawn } from 'node:child_process';
import { signal } from './owned-process.mjs';

const living = new Set();

/**
 * Runs a command whose output goes straight to the terminal; resolves to whether it succeeded. It has a process group of its own, so
 * that it ends with all that it started itself (Jest's processes survive Jest): by `endShown`, and at the latest with us.
 */
export function runShown(command, args, { cwd, env = process.env }) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'], detached: true });
    living.add(child);
    child.once('error', (error) => {
      console.error(`${command}: ${error.message}`);
      living.delete(child);
      resolve(false);
    });
    child.once('close', (code) => {
      living.delete(child);
      resolve(code === 0);
    });
  });
}

/** Ends what is still shown; to be called before the servers go that it works with. */
export function endShown() {
  for (const child of living) if (child.pid !== undefined) signal(child, 'SIGKILL');
}

process.once('exit', endShown);
