import { sealedKeyId } from '#vault/sealed-key-id.js';
import type { SealedPlace } from './sealed-places.js';

/** Key id -> how many boxes are sealed by it. Reads headers only: no key is needed. */
export async function countByKey(places: AsyncIterable<SealedPlace>): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for await (const { sealed } of places) {
    const kid = sealedKeyId(sealed) ?? 'unreadable';
    counts.set(kid, (counts.get(kid) ?? 0) + 1);
  }
  return counts;
}
