/** The pool's numbers. What a mapping may take by itself: `STEP_MS`, `FIELD_MS` and the weights in `guards.ts`. */
import type { ProcessLimits } from './mapping-process.js';

export interface PoolLimits extends ProcessLimits {
  /** Processes at most. */
  processes: number;
  /** Steps that may wait for a process, at most. */
  queued: number;
  /** So long a step waits for a process, in milliseconds; then it is repeated later (`busy`). */
  waitMs: number;
}

export const POOL_LIMITS: PoolLimits = {
  processes: 2,
  queued: 1_000,
  // With `wallMs` no more than what is left of a step's 90 s beside a request of 60 s.
  waitMs: 15_000,
  processorMs: 3_000,
  wallMs: 15_000,
  heapMb: 128,
};
