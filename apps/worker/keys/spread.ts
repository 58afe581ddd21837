/** Waits for the living processes between two phases of a rotation: each tells of its keys every few seconds. */
import { setTimeout as pause } from 'node:timers/promises';
import type { ProcessDocument } from '#store/documents.js';
import type { ProcessStore } from '#store/process-store.js';

/** Four reports of each process: shorter than the time for which a dead one counts as living. */
const SPREAD_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 500;

/**
 * Until nobody stands in the way any more.
 * @returns What still does at the end; empty = the next phase may begin.
 */
export async function untilSpread(
  processes: ProcessStore,
  inTheWay: (living: ProcessDocument[]) => string[],
  withinMs = SPREAD_WITHIN_MS,
): Promise<{ inTheWay: string[]; living: number }> {
  for (const end = Date.now() + withinMs; ;) {
    const living = await processes.living();
    const left = inTheWay(living);
    if (left.length === 0 || Date.now() >= end) return { inTheWay: left, living: living.length };
    await pause(LOOK_EVERY_MS);
  }
}
