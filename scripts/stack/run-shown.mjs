import { spawn } from 'node:child_process';

const living = new Set();

/** Runs a command whose output goes straight to the terminal; resolves to whether it succeeded. It ends with us. */
export function runShown(command, args, { cwd, env = process.env }) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] });
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

process.once('exit', () => living.forEach((child) => child.kill('SIGTERM')));
