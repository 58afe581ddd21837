import { happeningId, sameHappening } from '#domain/happening.js';
import { isDuplicateKey } from '../duplicate-key.js';
import type { EventDocument } from './event-document.js';
import type { EventStore } from './event-store.js';
import type { Offered } from './offered.js';

/** Numbers that are tried for one event. An actor that was rebuilt from an older projection counts anew over a few, not over hundreds. */
const NUMBERS_TRIED = 100;

type Claim = Omit<EventDocument, '_id'>;

/**
 * Gives each event an id that is its own, in the collection of a segment. The same happening keeps the id that it has (a repeat);
 * where another one holds the id, the next number is taken. @returns The events in their order, with their ids.
 */
export async function claimIds(
  events: EventStore,
  segment: number,
  batch: readonly Offered[],
  onClash: (id: string) => void,
): Promise<Claim[]> {
  const claims = batch.map(({ event, entry }): Claim => ({ ...event, id: happeningId(event), entry }));
  let open = claims;
  for (let round = 0; open.length > 0 && round < NUMBERS_TRIED; round += 1) {
    if (await insertAll(events, segment, open)) break;
    const clashing: Claim[] = [];
    for (const claim of open) {
      const found = await events.byId(segment).findOne({ _id: claim.id });
      // Neither stored nor refused: the server went on no further. Inserted again in the next round.
      if (!found) clashing.push(claim);
      else if (found.entry !== claim.entry && !sameHappening(found, claim)) {
        onClash(claim.id);
        claim.sequence += 1;
        claim.id = happeningId(claim);
        clashing.push(claim);
      }
    }
    open = clashing;
  }
  return claims;
}

/** @returns False when some of the ids exist already: which, nobody tells (docs/store-rules.md, rule 8). */
async function insertAll(events: EventStore, segment: number, claims: readonly Claim[]): Promise<boolean> {
  try {
    await events.byId(segment).insertMany(
      claims.map((claim) => ({ _id: claim.id, ...claim })),
      { ordered: false },
    );
    return true;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    return false;
  }
}
