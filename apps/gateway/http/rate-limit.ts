/** A fixed window per caller, in this process's memory: N gateways allow N times as much. */

export interface RateLimit {
  /** Milliseconds until the caller may ask again; 0 = go on. */
  take(caller: string, now: number): number;
}

const WINDOW_MS = 60_000;
/** More callers than this in one window share what is left: memory stays bounded whatever addresses ask. */
const CALLERS = 10_000;

export function createRateLimit(perMinute: number): RateLimit {
  let windowStart = 0;
  let counts = new Map<string, number>();
  return {
    take(caller, now) {
      if (now - windowStart >= WINDOW_MS) {
        windowStart = now;
        counts = new Map();
      }
      const name = counts.has(caller) || counts.size < CALLERS ? caller : 'others';
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      return count <= perMinute ? 0 : Math.max(1, windowStart + WINDOW_MS - now);
    },
  };
}
