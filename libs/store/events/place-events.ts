import { setTimeout as pause } from 'node:timers/promises';
import { isDuplicateKey } from '../duplicate-key.js';
import { positionId, type EventDocument } from './event-document.js';
import type { EventStore } from './event-store.js';

/** Another process was faster: a short rest, so that two do not meet again and again. */
const REST_MS = 20;

/**
 * Takes the positions after the head, in order. An ordered insert ends at the first position that somebody else has taken, so nothing
 * of ours stands behind a hole; what was inserted is known by its entry. @returns The last position taken.
 */
export async function placeEvents(
  events: EventStore,
  head: number,
  batch: readonly Omit<EventDocument, '_id'>[],
): Promise<number> {
  let last = head;
  let left = batch;
  for (;;) {
    const from = last + 1;
    // A collection ends with its segment: the rest of the batch goes into the next.
    const part = left.filter((_, index) => events.segmentOf(from + index) === events.segmentOf(from));
    const placed = await insertFrom(events, from, part);
    left = left.slice(placed);
    last += placed;
    events.saw(last);
    if (left.length === 0) return last;
    if (placed === part.length) continue;
    await pause(Math.random() * REST_MS);
    last = await events.head();
  }
}

/** @returns How many stand at their places. */
async function insertFrom(
  events: EventStore,
  from: number,
  part: readonly Omit<EventDocument, '_id'>[],
): Promise<number> {
  const documents = part.map((event, index): EventDocument => ({ ...event, _id: positionId(from + index) }));
  try {
    await events.byPosition(from).insertMany(documents, { ordered: true });
    return documents.length;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
  for (const [index, { entry }] of documents.entries())
    if ((await events.document(from + index))?.entry !== entry) return index;
  return documents.length;
}
