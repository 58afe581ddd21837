/** One process of ours in a test: started, killed and started again by its own handle; its output is kept in a file. */
import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { resolve } from 'node:path';

const ROOT = resolve(__dirname, '..', '..');
/** Each process reads its maps at its start, which costs as much again as its code: only for whoever looks for a fault. */
export const SOURCE_MAPS = process.env['HAWSER_TEST_KEEP'] ? ['--enable-source-maps'] : [];

export class TestProcess {
  private child: ChildProcess | null = null;

  constructor(
    private readonly options: {
      name: string;
      entry: string;
      env: NodeJS.ProcessEnv;
      logFile: string;
      readyWord: string;
    },
  ) {}

  get pid(): number {
    if (!this.child?.pid) throw new Error(`${this.options.name} does not run.`);
    return this.child.pid;
  }

  /** Changes its environment for the next start. */
  setEnv(change: Record<string, string>): void {
    Object.assign(this.options.env, change);
  }

  /** Starts it and waits for its READY line; resolves to the JSON of that line. */
  async start(): Promise<Record<string, string>> {
    const { name, entry, env, logFile, readyWord } = this.options;
    const child = spawn(process.execPath, [...SOURCE_MAPS, entry], {
      cwd: ROOT,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    const log = createWriteStream(logFile, { flags: 'a' });
    child.stderr.pipe(log, { end: false });
    const tail: string[] = [];
    return new Promise((ready, failed) => {
      const timer = setTimeout(() => failed(new Error(`${name} was not ready in 180 s: ${tail.join('\n')}`)), 180_000);
      const heard = (line: string): void => {
        appendFileSync(logFile, `${line}\n`);
        tail.push(line);
        if (tail.length > 15) tail.shift();
        if (!line.startsWith(readyWord)) return;
        clearTimeout(timer);
        ready(JSON.parse(line.slice(readyWord.length).trim() || '{}') as Record<string, string>);
      };
      createInterface({ input: child.stdout }).on('line', heard);
      createInterface({ input: child.stderr }).on('line', (line) => tail.push(line));
      child.once('exit', (code, signal) => {
        clearTimeout(timer);
        failed(new Error(`${name} ended (${signal ?? code}): ${tail.join('\n')}`));
      });
    });
  }

  /** SIGKILL: nothing of it gets a chance to tidy up. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  /** Waits for an end that somebody else brings about. */
  async gone(): Promise<void> {
    const child = this.child;
    this.child = null;
    if (child && child.exitCode === null && child.signalCode === null)
      await new Promise<void>((ended) => child.once('exit', () => ended()));
  }

  signal(name: NodeJS.Signals): void {
    process.kill(this.pid, name);
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    this.child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((ended) => child.once('exit', () => ended()));
    child.kill(signal);
    const killer = setTimeout(() => child.kill('SIGKILL'), 45_000);
    await gone;
    clearTimeout(killer);
  }
}

/** Runs an entry to its end; resolves to its stdout, rejects with its last words. */
export async function runEntry(entry: string, args: string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(process.execPath, [...SOURCE_MAPS, entry, ...args], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const code = await new Promise<number | null>((ended) => child.once('exit', ended));
  if (code !== 0) throw new Error(`${entry} ended with ${code}: ${err || out}`);
  return out;
}
