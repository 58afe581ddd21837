/**
 * A worker's slots for steps. One slow app with many jobs must not take them all: a step over its connection's share ends at once with
 * `busy`, before a lease is asked for and before anything is marked or sent, and its job comes back in a second or more. Polls have slots of
 * their own kind, counted the same way (recipe-poll.ts).
 */
import { HawserError } from '#domain/errors.js';

export interface SlotLimits {
  /** Steps of one connection at once, on one worker. */
  perConnection: number;
  /** Steps at once, on one worker. */
  all: number;
}

/** What the jobs' task queue runs at once on a worker, questions for metadata included. */
export const JOB_ACTIVITIES_AT_ONCE = 100;

export const SLOT_LIMITS: SlotLimits = {
  perConnection: 30,
  // The rest is for questions of people who wait at a screen.
  all: JOB_ACTIVITIES_AT_ONCE - 10,
};

export class StepSlots {
  private readonly taken = new Map<string, number>();
  private count = 0;

  constructor(private readonly limits: SlotLimits) {}

  /** Throws `busy` when there is no slot; else the work has one until it ends. */
  async run<T>(connectionId: string, work: () => Promise<T>): Promise<T> {
    const own = this.taken.get(connectionId) ?? 0;
    if (own >= this.limits.perConnection)
      throw busy(`This worker runs ${own} steps of the connection already, which is its share.`);
    if (this.count >= this.limits.all) throw busy(`This worker runs ${this.count} steps already.`);
    this.taken.set(connectionId, own + 1);
    this.count += 1;
    try {
      return await work();
    } finally {
      this.giveBack(connectionId);
    }
  }

  private giveBack(connectionId: string): void {
    const left = (this.taken.get(connectionId) ?? 1) - 1;
    if (left > 0) this.taken.set(connectionId, left);
    else this.taken.delete(connectionId);
    this.count -= 1;
  }
}

const busy = (why: string): HawserError => new HawserError('busy', `${why} The step is repeated soon.`);
