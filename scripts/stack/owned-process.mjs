import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { commandOf, isLiveNode } from './alive.mjs';
import { privateFolder } from './private-folder.mjs';

const living = new Set();
let hooked = false;

/**
 * Starts a child in its own process group: Ctrl-C then reaches us alone, and we stop things in order. So that a child
 * whose owner was killed does not live on for ever, it is written down in `runFolder`; `sweepLeftovers` ends it at the
 * next start.
 */
export function spawnOwned({ name, command, args, env, cwd, runFolder }) {
  // What it writes is for us alone. A core dump would hold opened credentials, whatever limit the shell of the operator has. Node cannot set limits; `exec` keeps the pid.
  const [file, ...rest] =
    process.platform === 'win32'
      ? [command, ...args]
      : ['/bin/sh', '-c', 'ulimit -c 0; umask 077; exec "$0" "$@"', command, ...args];
  const child = spawn(file, rest, {
    cwd,
    env: env ?? process.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (child.pid === undefined) return child; // its 'error' event tells why
  privateFolder(runFolder);
  const record = path.join(runFolder, `${name}-${child.pid}.json`);
  fs.writeFileSync(
    record,
    JSON.stringify({ pid: child.pid, owner: process.pid, marker: [command, ...args].join(' ') }),
    { mode: 0o600 },
  );
  living.add(child);
  child.once('exit', () => {
    living.delete(child);
    fs.rmSync(record, { force: true });
  });
  if (!hooked) process.once('exit', () => living.forEach((one) => signal(one, 'SIGTERM')));
  hooked = true;
  return child;
}

/** Signals a child with everything it has started itself. */
export function signal(child, name) {
  try {
    process.kill(-child.pid, name);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** Ends processes that an earlier, killed owner left behind. Never one whose owner lives, never one of another name. */
export async function sweepLeftovers(runFolder) {
  if (!fs.existsSync(runFolder)) return [];
  const ended = [];
  for (const file of fs.readdirSync(runFolder).filter((one) => one.endsWith('.json'))) {
    const record = path.join(runFolder, file);
    const { pid, owner, marker } = JSON.parse(fs.readFileSync(record, 'utf8'));
    if (isLiveNode(owner)) continue;
    if (commandOf(pid) === marker) {
      signal({ pid }, 'SIGTERM');
      for (let i = 0; i < 50 && commandOf(pid); i += 1) await new Promise((resolve) => setTimeout(resolve, 100));
      if (commandOf(pid)) signal({ pid }, 'SIGKILL');
      ended.push(file.replace(/\.json$/, ''));
    }
    fs.rmSync(record, { force: true });
  }
  return ended;
}
