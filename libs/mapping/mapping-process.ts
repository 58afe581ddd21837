/** One process of the pool, seen from its parent: started, given one batch at a time, ended when it takes too much. */
import { fork, type ChildProcess, type StdioOptions } from 'node:child_process';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Batch, ChildAnswer } from './child-messages.js';
import { processorTimeOf } from './processor-time.js';

export interface ProcessLimits {
  /** Processor time of one batch, in milliseconds. Above what the process itself allows: it ends only what does not end by itself. */
  processorMs: number;
  /** By the clock, in milliseconds: a process that stands still, or one whose processor time cannot be known. */
  wallMs: number;
  /** Old space of its heap, in MB. */
  heapMb: number;
}

/** How a batch ended. `spent`: it used up its time; `died`: the process ended by something else; `field`: the index of the field at hand. */
export type BatchEnd =
  | { kind: 'answer'; answer: ChildAnswer }
  | { kind: 'spent'; field: number }
  | { kind: 'stood_still' }
  | { kind: 'died'; field: number };

/** How often its processor time is read while it computes. */
const LOOK_MS = 50;
const PROGRESS_FD = 3;
const STDIO: StdioOptions = ['ignore', 'ignore', 'pipe', 'pipe', 'ipc'];
/** Kept of what it says while it starts: the cause when it cannot. */
const LAST_WORDS = 2_000;

/** As compiled, and as it stands for whoever runs the sources (tests). */
function entry(): { file: string; execArgv: string[] } {
  if (!__filename.endsWith('.ts')) return { file: join(__dirname, 'mapping-child.js'), execArgv: [] };
  const hook = join(__dirname, '..', '..', 'scripts', 'stack', 'typescript-hook.cjs');
  return { file: join(__dirname, 'mapping-child.ts'), execArgv: ['--conditions=source', `--require=${hook}`] };
}

export class MappingProcess {
  private readonly child: ChildProcess;
  private fieldsBegun = 0;
  private isReady = false;
  private ended = false;
  private told = false;
  private timer: NodeJS.Timeout | undefined;
  private finish: ((end: BatchEnd) => void) | null = null;
  /** What it said on its way up. */
  lastWords = '';

  constructor(
    private readonly limits: ProcessLimits,
    private readonly on: { ready(): void; gone(wasReady: boolean): void },
  ) {
    const { file, execArgv } = entry();
    this.child = fork(file, [], {
      execArgv: [
        ...execArgv,
        `--max-old-space-size=${limits.heapMb}`,
        // No text of a tenant becomes code, whatever an expression gets hold of.
        '--disallow-code-generation-from-strings',
      ],
      env: {},
      stdio: STDIO,
    });
    this.child.on('message', (answer: ChildAnswer) => this.heard(answer));
    // After its pipes: what it told before its end is known then.
    this.child.once('close', () => this.gone());
    this.child.once('error', () => this.gone());
    this.child.stderr?.on('data', (chunk: Buffer) => {
      if (!this.isReady) this.lastWords = (this.lastWords + chunk.toString()).slice(-LAST_WORDS);
    });
    this.progress.on('data', (chunk: Buffer) => (this.fieldsBegun += chunk.length));
    this.letTheParentEnd();
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  get idle(): boolean {
    return this.isReady && !this.ended && this.finish === null;
  }

  /** Computes a batch. To be called when it is idle. */
  run(batch: Batch): Promise<BatchEnd> {
    return new Promise((resolve) => {
      this.finish = resolve;
      this.fieldsBegun = 0;
      const startedAt = performance.now();
      const before = processorTimeOf(this.child.pid ?? 0);
      this.timer = setInterval(() => this.look(startedAt, before), LOOK_MS);
      this.child.send(batch, (error) => error && this.kill());
    });
  }

  /** Ends it at once. */
  kill(): void {
    this.ended = true;
    // Whoever closes the pool waits for this end.
    this.child.ref();
    this.child.kill('SIGKILL');
  }

  private get progress(): Readable {
    return this.child.stdio[PROGRESS_FD] as Readable;
  }

  /** A parent without other work may end: the process sees it and ends too. While a batch is under way the timer keeps the parent. */
  private letTheParentEnd(): void {
    this.child.unref();
    this.child.channel?.unref();
    for (const pipe of [this.child.stderr, this.progress]) (pipe as unknown as { unref?(): void } | null)?.unref?.();
  }

  private look(startedAt: number, before: number | null): void {
    const now = processorTimeOf(this.child.pid ?? 0);
    const tookMs = performance.now() - startedAt;
    const known = before !== null && now !== null;
    const spentMs = known ? now - before : tookMs;
    const limit = known ? this.limits.processorMs : this.limits.wallMs;
    if (spentMs > limit) this.end({ kind: 'spent', field: this.field });
    else if (tookMs > this.limits.wallMs) this.end({ kind: 'stood_still' });
    else return;
    this.kill();
  }

  private heard(answer: ChildAnswer): void {
    if ('ready' in answer) {
      this.isReady = true;
      this.on.ready();
    } else this.end({ kind: 'answer', answer });
  }

  private gone(): void {
    if (this.told) return;
    this.told = true;
    this.ended = true;
    this.end({ kind: 'died', field: this.field });
    this.on.gone(this.isReady);
  }

  private get field(): number {
    return Math.max(0, this.fieldsBegun - 1);
  }

  private end(end: BatchEnd): void {
    clearInterval(this.timer);
    const { finish } = this;
    this.finish = null;
    finish?.(end);
  }
}
