/** Growing pauses with jitter, in milliseconds. Pure: the random number (0..1) is the caller's. */

function growing(firstMs: number, longestMs: number, count: number, jitter: number): number {
  const full = Math.min(longestMs, firstMs * 2 ** Math.min(Math.max(count, 0), 20));
  // Between three quarters and all of it: many jobs that failed together must not come back together.
  return Math.round(full * (0.75 + jitter / 4));
}

/** Pause before the repetition after `failures` failures in a row (1, 2, …): 1 s growing to 5 min. */
export const retryPause = (failures: number, jitter: number): number =>
  growing(1_000, 5 * 60_000, failures - 1, jitter);

/** Pause before a step that found no room is tried again, after `times` refusals in a row: a second and more, growing to 30 s. */
export const busyPause = (times: number, jitter: number): number => growing(1_500, 30_000, times - 1, jitter);

/** Pause before the next look of something parked that has looked `looks` times in vain: 30 s growing to 15 min. */
export const lookPause = (looks: number, jitter: number): number => growing(30_000, 15 * 60_000, looks, jitter);

/**
 * How long a job waits for word of its predecessor before its look number `waits` + 1: a minute growing to 15 min. Without jitter: a
 * further random number would change all that follow in the histories of runs under way.
 */
export const predecessorPause = (waits: number): number => growing(60_000, 15 * 60_000, waits, 1);

/**
 * The first look after parking. Mandatory and short: a recovery that fell between the refusal and the moment when the parked
 * job became visible would otherwise be missed (docs/decisions.md, "Parking").
 */
export const FIRST_LOOK_MS = 2_000;
