/** A server of the stack (Temporal, MongoDB) for one test, started as `npm start` starts it, on a folder and a port that outlive it: killed and started again. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { resolve } from 'node:path';

const ENTRY = resolve(__dirname, 'serve.mjs');

export class OwnServer {
  private child: ChildProcess | null = null;
  private facts: { address: string; serverPid: number } | null = null;
  private readonly gone: Promise<void>[] = [];

  constructor(
    private readonly kind: 'temporal' | 'mongo',
    private readonly folder: string,
    private readonly port: number,
  ) {}

  /** Starts it, or starts it again; resolves to its address. */
  async start(): Promise<string> {
    await Promise.all(this.gone);
    const child = spawn(process.execPath, [ENTRY, this.kind, this.folder, String(this.port)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.child = child;
    this.gone.push(new Promise((ended) => child.once('exit', () => ended())));
    const facts = await new Promise<{ address: string; serverPid: number }>((ready, failed) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line.startsWith('READY ')) ready(JSON.parse(line.slice(6)) as { address: string; serverPid: number });
      });
      child.once('exit', (code) => failed(new Error(`The ${this.kind} server ended with ${code}.`)));
    });
    this.facts = facts;
    return facts.address;
  }

  /** SIGKILL for the server itself; the process that looked after it goes too, so that nobody starts it again before we do. */
  async kill(): Promise<void> {
    this.child?.kill('SIGKILL');
    if (this.facts) process.kill(this.facts.serverPid, 'SIGKILL');
    await Promise.all(this.gone);
  }

  async stop(): Promise<void> {
    this.child?.kill('SIGTERM');
    await Promise.all(this.gone);
  }
}
