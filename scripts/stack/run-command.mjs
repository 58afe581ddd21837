import { spawn } from 'node:child_process';
import { ClearError } from './clear-error.mjs';
import { openOutputLog } from './output-log.mjs';

/** Runs a command to its end with its output in a log file. Its last lines become the error when it fails. */
export async function runCommand(command, args, { cwd, env, logFile, failure, onLine = () => {}, signal }) {
  const output = openOutputLog(logFile);
  output.note([command, ...args].join(' '));
  try {
    const how = await new Promise((resolve) => {
      const child = spawn(command, args, { cwd, env: env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'], signal });
      child.once('error', (error) => resolve(error.code === 'ENOENT' ? `${command} is not on PATH` : error.message));
      child.once('close', (code, name) => resolve(code === 0 ? '' : (name ?? `exit ${code}`)));
      output.follow(child.stdout, onLine);
      output.follow(child.stderr, onLine);
    });
    if (how)
      throw new ClearError(
        `${failure} (${how}): ${output.tail.slice(-4).join(' | ') || 'it said nothing'} (log: ${logFile})`,
      );
  } finally {
    output.close();
  }
}
