/**
 * Seals every box of the vault again with the newest key, while everything runs: each is replaced by compare-and-set, so that
 * what a worker renewed or destroyed at the same moment stays as the worker left it. Running it again is harmless.
 */
import { HawserError, type ErrorCode } from '#domain/errors.js';
import type { Opener } from '#vault/open.js';
import { reseal } from '#vault/reseal.js';
import type { Sealer } from '#vault/seal.js';
import { sealedKeyId } from '#vault/sealed-key-id.js';
import type { SealedPlace } from './sealed-places.js';

/** A pass that finds boxes sealed by the old key while it ran is followed by another one. */
const MAX_PASSES = 5;

export interface ResealWish {
  places: () => AsyncIterable<SealedPlace>;
  opener: Opener;
  sealer: Sealer;
  newestKid: string;
  /** Told after each box of a pass. */
  onProgress?: (seen: number, resealed: number) => void;
}

export interface ResealReport {
  /** Boxes in the store at the last pass. */
  total: number;
  resealed: number;
  /** Key id -> boxes that are still sealed by it; empty when everything has the newest key. */
  left: Record<string, number>;
  /** Boxes that do not open. */
  failed: { name: string; code: ErrorCode; detail: string }[];
}

export async function resealAll(wish: ResealWish): Promise<ResealReport> {
  let resealed = 0;
  for (let pass = 1; ; pass += 1) {
    const one = await onePass(wish, resealed);
    resealed += one.resealed;
    // The store is counted by a pass that had nothing to do: what it tells is how it stands, not how it stood.
    if ((one.resealed === 0 && !one.overtaken) || pass === MAX_PASSES) {
      return { total: one.total, resealed, left: one.left, failed: one.failed };
    }
  }
}

interface Pass extends ResealReport {
  /** Somebody else changed a box between our reading and our writing. */
  overtaken: boolean;
}

async function onePass({ places, opener, sealer, newestKid, onProgress }: ResealWish, before: number): Promise<Pass> {
  const pass: Pass = { total: 0, resealed: 0, left: {}, failed: [], overtaken: false };
  for await (const place of places()) {
    pass.total += 1;
    try {
      const fresh = await reseal(opener, sealer, newestKid, place.sealed, place.binding);
      if (fresh === null) continue;
      if (await place.replace(fresh)) pass.resealed += 1;
      else pass.overtaken = true;
    } catch (error) {
      if (!(error instanceof HawserError) || error.class === 'retry') throw error;
      pass.failed.push({ name: place.name, code: error.code, detail: error.detail });
      const kid = sealedKeyId(place.sealed) ?? 'unreadable';
      pass.left[kid] = (pass.left[kid] ?? 0) + 1;
    } finally {
      onProgress?.(pass.total, before + pass.resealed);
    }
  }
  return pass;
}
