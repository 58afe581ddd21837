import { spawn } from 'node:child_process';
import { ClearError } from './clear-error.mjs';
import { openOutputLog } from './output-log.mjs';

/**
 * Runs a command to its end with its output in a log file. Its last lines become the error when it fails.
 * With `keepOutput: false` what it prints on stdout is not kept: it holds a secret.
 */
export async function runCommand(command, args, { cwd, env, logFile, failure, onLine = () => {}, keepOutput = true }) {
  const output = openOutputLog(logFile);
  output.note([command, ...args].join(' '));
  try {
    const how = await new Promise((resolve) => {
      const child = spawn(command, args, { cwd, env: env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'] });
      child.once('error', (error) => resolve(error.code === 'ENOENT' ? `${command} is not on PATH` : error.message));
      child.once('close', (code, name) => resolve(code === 0 ? '' : (name ?? `exit ${code}`)));
      output.follow(child.stdout, onLine, { kept: keepOutput });
      output.follow(child.stderr, onLine);
    });
    const said = output.tail.slice(-4).join(' | ') || 'it said nothing';
    if (how) throw new ClearError(`${failure} (${how}): ${said} (log: ${logFile})`);
  } finally {
    output.close();
  }
}
