/** A fixed window per caller, in this process's memory: N gateways allow N times as much. */
import { HawserError } from '#domain/errors.js';

export interface RateLimit {
  /** Milliseconds until the caller may ask again; 0 = go on. */
  take(caller: string, now: number): number;
}

const WINDOW_MS = 60_000;
/** More callers than this in one window share what is left: memory stays bounded whatever addresses ask. */
const CALLERS = 10_000;

/** `callers`: how many are told apart. Infinity where their number is bounded elsewhere. */
export function createRateLimit(perMinute: number, callers = CALLERS): RateLimit {
  let windowStart = 0;
  let counts = new Map<string, number>();
  return {
    take(caller, now) {
      if (now - windowStart >= WINDOW_MS) {
        windowStart = now;
        counts = new Map();
      }
      const name = counts.has(caller) || counts.size < callers ? caller : 'others';
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      return count <= perMinute ? 0 : Math.max(1, windowStart + WINDOW_MS - now);
    },
  };
}

/** @throws HawserError `too_many_requests` when it is not the caller's turn. */
export function takeTurn(rateLimit: RateLimit, caller: string, now: number): void {
  const waitMs = rateLimit.take(caller, now);
  if (waitMs > 0) throw tooManyRequests(waitMs);
}

export function tooManyRequests(waitMs: number): HawserError {
  return new HawserError(
    'too_many_requests',
    `Too many requests. The next one is welcome in ${Math.ceil(waitMs / 1000)} s.`,
    { retryAfterMs: waitMs },
  );
}
