/**
 * Temporal's time in this process. What another process reads as a moment (intents, `obtainedAt`, marks, leases, due times) is stamped
 * by it, never by this machine's wall clock: the clocks of two machines are not comparable.
 *
 * Temporal tells its clock with each activity task (when the task was scheduled); in between this process's monotonic clock runs on.
 * Of the tasks seen lately the one that waited least in its queue counts, so a full queue does not set the time back.
 */

/** So long a sample counts at least, twice as long at most: monotonic clocks of two machines drift by milliseconds in that time. */
const WINDOW_MS = 10 * 60_000;

export class TemporalTime {
  private current: number | null = null;
  private previous: number | null = null;
  private windowFrom = 0;

  /** @param monotonic Milliseconds that only ever grow. @param wall Read only as long as Temporal has told nothing. */
  constructor(
    private readonly monotonic: () => number = () => performance.now(),
    private readonly wall: () => number = () => Date.now(),
  ) {}

  /** Temporal's clock has reached this moment (epoch ms). */
  see(moment: number): void {
    const now = this.monotonic();
    const offset = moment - now;
    if (this.current === null || now - this.windowFrom > WINDOW_MS) {
      this.previous = this.current;
      this.current = offset;
      this.windowFrom = now;
    } else this.current = Math.max(this.current, offset);
  }

  /** Epoch milliseconds. */
  now(): number {
    if (this.current === null) return this.wall();
    return Math.floor(this.monotonic() + Math.max(this.current, this.previous ?? this.current));
  }
}

/** The one of this process: there is one Temporal for each worker process. */
export const temporalTime = new TemporalTime();

/** Epoch milliseconds by Temporal's clock. */
export const temporalNow = (): number => temporalTime.now();
