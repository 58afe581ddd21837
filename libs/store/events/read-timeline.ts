import type { EventDocument } from './event-document.js';
import type { EventStore } from './event-store.js';

/** Numbers beyond the count of the projection: it may be a moment behind, and a number that was taken pushes the next ones on. */
const LOOK_AHEAD = 3;
/** Generations that are looked at: each rebuild counts on, in a generation of its own. */
const GENERATIONS = 3;
/** Numbers that one page looks at beyond what it finds. */
const EMPTY_MOST = 50;
const AT_ONCE = 10;

export interface TimelineWish {
  subject: string;
  workspaceId: string;
  generation: number;
  /** How much has happened, as the subject's projection says. */
  count: number;
  /** Only numbers below this one. */
  before?: number;
  limit: number;
}

/** The events of one subject, newest first, each read by its id. `next` = where the following page begins; null = there is none. */
export async function readTimeline(
  events: EventStore,
  wish: TimelineWish,
): Promise<{ items: Omit<EventDocument, '_id' | 'entry'>[]; next: number | null }> {
  const items: EventDocument[] = [];
  let segment = events.segmentOf(await events.head());
  let number = wish.before ?? wish.count + LOOK_AHEAD + 1;
  for (let empty = 0; number > 1 && items.length < wish.limit && empty < EMPTY_MOST;) {
    const from = Math.max(1, number - Math.min(AT_ONCE, wish.limit - items.length));
    const numbers = Array.from({ length: number - from }, (_, index) => number - 1 - index);
    const found = await Promise.all(numbers.map((sequence) => ofNumber(events, wish, sequence, segment)));
    const flat = found.flat();
    items.push(...flat.map(({ event }) => event).filter(({ workspaceId }) => workspaceId === wish.workspaceId));
    // Lower numbers are older: they stand in no later collection.
    segment = Math.min(segment, ...(flat.length > 0 ? [Math.max(...flat.map((one) => one.segment))] : []));
    empty += flat.length === 0 ? numbers.length : 0;
    number = from;
  }
  return {
    items: items.map(({ _id: _, entry: __, ...event }) => event),
    next: number > 1 && items.length > 0 ? number : null,
  };
}

async function ofNumber(events: EventStore, { subject, generation }: TimelineWish, sequence: number, segment: number) {
  const generations = Array.from({ length: Math.min(GENERATIONS, generation) }, (_, index) => generation - index);
  const found = await Promise.all(
    generations.map((one) => events.withId({ subject, generation: one, sequence }, segment)),
  );
  return found.filter((one) => one !== null);
}
