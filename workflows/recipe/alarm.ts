/** The recipe's timer. */
import { sleep } from '@temporalio/workflow';

/**
 * A timer that is armed already and fires early enough is left alone: to arm one anew at every signal of a job would cost two events
 * each time.
 */
export class Alarm {
  /** When the earliest armed timer fires. */
  private firesAt: number | null = null;

  constructor(private readonly ring: () => void) {}

  /** Rings at `moment` (epoch ms) or before; null: there is nothing to wait for. */
  setFor(moment: number | null): void {
    if (moment !== null && (this.firesAt === null || moment < this.firesAt)) this.arm(moment);
  }

  private arm(moment: number): void {
    this.firesAt = moment;
    void sleep(Math.max(moment - Date.now(), 1)).then(() => {
      if (this.firesAt === moment) this.firesAt = null;
      this.ring();
    });
  }
}
