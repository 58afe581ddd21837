/**
 * Where tenants' expressions are computed: a few processes beside the worker, so that an expression can take neither the worker's
 * event loop (renewals, heartbeats) nor its memory, and can be ended from outside. Threads would not do: the processor time of one
 * cannot be read, and a thread that runs out of memory ends the whole process.
 */
import { HawserError } from '#domain/errors.js';
import { toError, type Batch } from './child-messages.js';
import { FairQueue } from './fair-queue.js';
import { mappingFailed } from './mapping-failure.js';
import type { MappingInput } from './mapping-input.js';
import { MappingProcess, type BatchEnd } from './mapping-process.js';
import { POOL_LIMITS, type PoolLimits } from './pool-limits.js';

/** Computes a step's input; the activities know this much of the pool. */
export interface Mappings {
  /**
   * As `evaluateMappings` in `evaluate.ts`, in another process. `turn`: whose it is (the workspace); many at once are served in turn.
   * Throws `mapping_failed`, or `busy` when there was no room for it in time.
   */
  evaluate(fields: Record<string, string>, input: MappingInput, turn: string): Promise<Record<string, unknown>>;
}

export interface MappingPool extends Mappings {
  /** Starts the processes before the first mapping needs them. */
  warm(): void;
  /** The processes that run. */
  pids(): number[];
  /** Ends them; what is under way fails with `busy`. */
  close(): Promise<void>;
}

interface Waiting extends Batch {
  turn: string;
  /** A process that died under it may have died by chance, once. */
  deaths: number;
  timer?: NodeJS.Timeout;
  resolve(result: Record<string, unknown>): void;
  reject(error: unknown): void;
}

/** Pauses between processes that do not come up, in milliseconds. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;

/** Nothing is started before `warm` or the first mapping. `onTrouble` is told when a process does not come up. */
export function createMappingPool(
  options: { limits?: Partial<PoolLimits>; onTrouble?: (lastWords: string) => void } = {},
): MappingPool {
  return new Pool({ ...POOL_LIMITS, ...options.limits }, options.onTrouble ?? (() => undefined));
}

class Pool implements MappingPool {
  private readonly queue = new FairQueue<Waiting>();
  private readonly processes = new Set<MappingProcess>();
  private readonly underWay = new Set<Waiting>();
  private startsFailed = 0;
  private pause: NodeJS.Timeout | undefined;
  private closed: (() => void) | null = null;

  constructor(
    private readonly limits: PoolLimits,
    private readonly onTrouble: (lastWords: string) => void,
  ) {}

  evaluate(fields: Record<string, string>, input: MappingInput, turn: string): Promise<Record<string, unknown>> {
    if (Object.keys(fields).length === 0) return Promise.resolve({});
    if (this.closed) return Promise.reject(busy('The worker is about to end.'));
    if (this.queue.length >= this.limits.queued)
      return Promise.reject(busy(`${this.limits.queued} steps wait for their mappings already.`));
    return new Promise((resolve, reject) => {
      this.enqueue({ fields, input, turn, deaths: 0, resolve, reject });
      this.pump();
    });
  }

  warm(): void {
    while (this.mayStart()) this.start();
  }

  pids(): number[] {
    return [...this.processes].flatMap(({ pid }) => pid ?? []);
  }

  async close(): Promise<void> {
    clearTimeout(this.pause);
    const ended = new Promise<void>((resolve) => (this.closed = resolve));
    for (let waiting = this.queue.shift(); waiting; waiting = this.queue.shift()) this.refuse(waiting);
    for (const waiting of this.underWay) this.refuse(waiting);
    for (const one of this.processes) one.kill();
    if (this.processes.size > 0) await ended;
  }

  private refuse(waiting: Waiting): void {
    clearTimeout(waiting.timer);
    waiting.reject(busy('The worker is about to end.'));
  }

  private enqueue(waiting: Waiting): void {
    waiting.timer = setTimeout(() => {
      if (!this.queue.remove(waiting.turn, waiting)) return;
      waiting.reject(busy(`No process was free for the mappings of this step within ${this.limits.waitMs} ms.`));
    }, this.limits.waitMs);
    this.queue.push(waiting.turn, waiting);
  }

  private mayStart(): boolean {
    return !this.closed && this.pause === undefined && this.processes.size < this.limits.processes;
  }

  /** Gives work to whoever is free, and starts a process when nobody is. */
  private pump(): void {
    for (const one of this.processes) {
      if (!one.idle) continue;
      const waiting = this.queue.shift();
      if (!waiting) return;
      void this.run(one, waiting);
    }
    if (this.queue.length > 0 && this.mayStart()) this.start();
  }

  private start(): void {
    const started: MappingProcess = new MappingProcess(this.limits, {
      ready: () => {
        this.startsFailed = 0;
        this.pump();
      },
      gone: (wasReady) => this.gone(started, wasReady),
    });
    this.processes.add(started);
  }

  private gone(process: MappingProcess, wasReady: boolean): void {
    this.processes.delete(process);
    if (this.closed) {
      if (this.processes.size === 0) this.closed();
      return;
    }
    if (wasReady) return this.pump();
    this.onTrouble(process.lastWords);
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.startsFailed);
    this.startsFailed += 1;
    clearTimeout(this.pause);
    this.pause = setTimeout(() => {
      this.pause = undefined;
      this.pump();
    }, pauseMs);
  }

  private async run(process: MappingProcess, waiting: Waiting): Promise<void> {
    clearTimeout(waiting.timer);
    this.underWay.add(waiting);
    const end = await process.run({ fields: waiting.fields, input: waiting.input });
    this.underWay.delete(waiting);
    this.settle(waiting, end);
    this.pump();
  }

  private settle(waiting: Waiting, end: BatchEnd): void {
    const failed = (field: number, reason: string): void => {
      const [name, expression] = Object.entries(waiting.fields)[field] ?? ['', ''];
      waiting.reject(mappingFailed(name, expression, reason));
    };
    switch (end.kind) {
      case 'answer':
        if ('result' in end.answer) waiting.resolve(end.answer.result);
        else if ('error' in end.answer) waiting.reject(toError(end.answer.error));
        return;
      case 'spent':
        return failed(end.field, 'It used up its processor time and was ended.');
      case 'stood_still':
        return waiting.reject(busy(`The mappings of this step stood still for ${this.limits.wallMs} ms.`));
      case 'died':
        waiting.deaths += 1;
        if (waiting.deaths > 1)
          return failed(
            end.field,
            `The process that computed it ended twice; it has ${this.limits.heapMb} MB of memory.`,
          );
        // With a wait of its own: it has been served before, so it is not refused at the door.
        if (!this.closed) this.enqueue(waiting);
    }
  }
}

const busy = (why: string): HawserError => new HawserError('busy', `${why} The step is repeated.`);
