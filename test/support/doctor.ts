/** `npm run doctor` and the other commands of an operator, as a person runs them: exit code and what they print. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { readWorkerConfig } from '../../apps/worker/config/worker-config.js';
import { CHECKS } from '../../apps/worker/doctor/checks.js';
import { openParts } from '../../apps/worker/doctor/open-parts.js';
import { runChecks, type Diagnosis } from '../../apps/worker/doctor/run-checks.js';
import { SOURCE_MAPS } from './child-process.js';

const ROOT = resolve(__dirname, '..', '..');

export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** Runs an entry to its end, whatever its exit code. */
export async function runToEnd(entry: string, args: string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  const child = spawn(process.execPath, [...SOURCE_MAPS, entry, ...args], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()));
  const code = await new Promise<number | null>((ended) => child.once('close', ended));
  return { code, ...said };
}

export interface Examined extends Diagnosis {
  code: number | null;
  /** What was said beside the answer: the lines of `--rebuild`. */
  err: string;
}

/** The doctor's answer by `--json`. */
export async function examine(env: NodeJS.ProcessEnv, ...args: string[]): Promise<Examined> {
  const { code, out, err } = await runToEnd('dist/bin/worker/doctor.js', ['--json', ...args], env);
  try {
    return { code, err, ...(JSON.parse(out) as Diagnosis) };
  } catch {
    throw new Error(`The doctor gave no answer (exit ${code}): ${err || out}`);
  }
}

/** The same examination in this process, for those who ask again and again: a process of its own takes a second to start. */
export async function examineHere(env: NodeJS.ProcessEnv): Promise<Diagnosis> {
  const config = readWorkerConfig(env);
  const opened = await openParts(config);
  try {
    return await runChecks(config, opened, CHECKS);
  } finally {
    await opened.close();
  }
}

/** `code of the finding subject`, sorted: what was found, short enough to compare. */
export const foundIn = ({ findings }: Diagnosis): string[] =>
  findings.map(({ code, subject }) => `${code} ${subject ?? '-'}`).sort();

export const manageKeys = (env: NodeJS.ProcessEnv, ...args: string[]): Promise<Ended> =>
  runToEnd('dist/bin/worker/manage-keys.js', args, env);
