import { Lane, type Kind } from './lane.js';
import type { Loan } from './loan.js';

/** More than this would not fit beside the tests' own stacks. */
const LANES_MAX: Record<Kind, number> = { plain: 4, brief: 1 };

/** All lanes: who is free, who is lent, who waits. A lane that cannot be cleaned is stopped, and another takes its place. */
export class Lanes {
  private readonly free: Lane[] = [];
  private readonly lentOut = new Map<string, Lane>();
  /** Every lane that runs: also the one that is being cleaned, which is neither free nor lent. */
  private readonly running = new Set<Lane>();
  private readonly waiting: { kind: Kind; take: (lane: Lane) => void; fail: (error: Error) => void }[] = [];
  private readonly count: Record<Kind, number> = { plain: 0, brief: 0 };
  private readonly starting = new Map<Promise<void>, Kind>();
  private lastStart: Promise<void> = Promise.resolve();
  private started = 0;

  prepare(kind: Kind, wanted: number): void {
    for (let more = wanted; more > 0; more -= 1) this.startOne(kind);
  }

  async borrow(kind: Kind): Promise<Loan> {
    const taken = this.takeFree(kind);
    if (!taken && this.idleStarts(kind) <= 0) this.startOne(kind);
    const lane = taken ?? (await new Promise<Lane>((take, fail) => this.waiting.push({ kind, take, fail })));
    this.lentOut.set(lane.id, lane);
    return lane.lend();
  }

  lent(id: string): Lane {
    const lane = this.lentOut.get(id);
    if (!lane) throw new Error(`The lane ${id} is not lent.`);
    return lane;
  }

  /** Resolves at once; the cleaning goes on, and the next borrower waits for it. */
  giveBack(id: string): void {
    const lane = this.lent(id);
    this.lentOut.delete(id);
    lane.clean().then(
      () => this.offer(lane),
      (error: Error) => {
        console.error(`Lane ${id} could not be cleaned: ${error.message}`);
        this.count[lane.kind] -= 1;
        void this.end(lane);
        if (this.waiting.some(({ kind }) => kind === lane.kind)) this.startOne(lane.kind);
      },
    );
  }

  async stop(): Promise<void> {
    await Promise.allSettled(this.starting.keys());
    await Promise.allSettled([...this.running].map((lane) => this.end(lane)));
  }

  private async end(lane: Lane): Promise<void> {
    await lane.stop();
    this.running.delete(lane);
  }

  private startOne(kind: Kind): void {
    if (this.count[kind] >= LANES_MAX[kind]) return;
    this.count[kind] += 1;
    this.started += 1;
    const id = `${kind}-${this.started}`;
    // One after the other: the first is ready soonest when it does not share the processors with the next.
    const start = this.lastStart
      .then(() => Lane.start(id, kind))
      .then(
        (lane) => {
          this.running.add(lane);
          this.offer(lane);
        },
        (error: Error) => {
          this.count[kind] -= 1;
          this.takeWaiting(kind)?.fail(error);
        },
      );
    this.lastStart = start;
    this.starting.set(start, kind);
    void start.finally(() => this.starting.delete(start));
  }

  /** Lanes under way that nobody waits for yet. */
  private idleStarts(kind: Kind): number {
    const starts = [...this.starting.values()].filter((one) => one === kind).length;
    return starts - this.waiting.filter((one) => one.kind === kind).length;
  }

  private offer(lane: Lane): void {
    const next = this.takeWaiting(lane.kind);
    if (next) next.take(lane);
    else this.free.push(lane);
  }

  private takeFree(kind: Kind): Lane | undefined {
    const at = this.free.findIndex((lane) => lane.kind === kind);
    return at < 0 ? undefined : this.free.splice(at, 1)[0];
  }

  private takeWaiting(kind: Kind) {
    const at = this.waiting.findIndex((one) => one.kind === kind);
    return at < 0 ? undefined : this.waiting.splice(at, 1)[0];
  }
}
