/**
 * The event log (docs/store-rules.md binds: every read is by `_id` alone). Positions are dense, so the head is found by looking whether
 * a position is there. Each 100,000 positions have two collections of their own, one by position and one by id; old ones are dropped whole.
 */
import type { Collection, Connection } from 'mongoose';
import { happeningId, type Happening } from '#domain/happening.js';
import { runOperation } from '../run-operation.js';
import { placedOf, positionId, type EventDocument, type PlacedEvent } from './event-document.js';

const FAULT = 'temporarily_unavailable';
/** Positions whose events share a collection. */
export const SEGMENT_POSITIONS = 100_000;
/** Collections that are kept: the newest ones. */
export const SEGMENTS_KEPT = 10;
/** Retention moves once in days. */
const OLDEST_BELIEVED_MS = 10_000;
/** Documents that one reader asks for at once. */
const READ_AT_ONCE = 10;

interface Mark {
  _id: 'head' | 'oldest';
  value: number;
}

export class EventStore {
  private known = 0;
  private oldestKnown = { segment: 0, until: 0 };

  constructor(
    private readonly db: Connection,
    private readonly segmentPositions = SEGMENT_POSITIONS,
  ) {}

  /** The last position that is taken; 0 = none. Costs a few reads, fewer the nearer the last answer is. */
  async head(): Promise<number> {
    if (this.known === 0) this.known = await this.mark('head');
    let low = Math.max(this.known, (await this.oldest()) - 1);
    let step = 1;
    while (await this.at(low + step)) {
      low += step;
      step *= 2;
    }
    let high = low + step;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (await this.at(middle)) low = middle;
      else high = middle;
    }
    this.saw(low);
    return low;
  }

  /** The last position as this process knows it: where another one has gone on, an insert behind it says so. */
  async near(): Promise<number> {
    // Behind what was dropped nothing may be inserted any more.
    return this.known > 0 && this.known >= (await this.oldest()) - 1 ? this.known : this.head();
  }

  /** A position that is certainly taken. */
  saw(position: number): void {
    if (position > this.known) this.known = position;
  }

  /** The first position that is kept. Those before it were dropped by retention. */
  async oldest(): Promise<number> {
    const now = Date.now();
    if (now >= this.oldestKnown.until)
      this.oldestKnown = { segment: await this.mark('oldest'), until: now + OLDEST_BELIEVED_MS };
    return this.oldestKnown.segment * this.segmentPositions + 1;
  }

  async at(position: number): Promise<PlacedEvent | null> {
    const document = await this.document(position);
    return document && placedOf(document);
  }

  document(position: number): Promise<EventDocument | null> {
    return this.find(this.byPosition(position), positionId(position));
  }

  /** The events after a position, in order, at most `limit`: as far as there are any. */
  async after(position: number, limit: number): Promise<PlacedEvent[]> {
    const events: PlacedEvent[] = [];
    while (events.length < limit) {
      const wish = Math.min(READ_AT_ONCE, limit - events.length);
      // The first is looked for alone: most looks find nothing.
      const first = await this.at(position + events.length + 1);
      if (!first) break;
      const from = first.position + 1;
      const rest = await Promise.all(Array.from({ length: wish - 1 }, (_, index) => this.at(from + index)));
      const end = rest.indexOf(null);
      events.push(first, ...(rest.slice(0, end === -1 ? undefined : end) as PlacedEvent[]));
      if (end !== -1) break;
    }
    this.saw(events.at(-1)?.position ?? 0);
    return events;
  }

  /** The document of an id, at or before the collection of a position; null = there is none, or it was dropped. */
  async withId(
    key: Pick<Happening, 'subject' | 'generation' | 'sequence'>,
    segment: number,
  ): Promise<{ event: EventDocument; segment: number } | null> {
    const oldest = this.segmentOf(await this.oldest());
    for (let at = segment; at >= oldest; at -= 1) {
      const event = await this.find(this.byId(at), happeningId(key));
      if (event) return { event, segment: at };
    }
    return null;
  }

  segmentOf(position: number): number {
    return Math.floor((Math.max(1, position) - 1) / this.segmentPositions);
  }

  byPosition(position: number): Collection<EventDocument> {
    return this.db.collection(`events_${this.segmentOf(position)}`);
  }

  byId(segment: number): Collection<EventDocument> {
    return this.db.collection(`eventids_${segment}`);
  }

  /** From where a process that starts looks for the head. */
  async noteHead(position: number): Promise<void> {
    await this.raise('head', position);
  }

  /** Drops the collections before the newest `kept`. Readers are told the oldest position first. */
  async dropBefore(head: number, kept = SEGMENTS_KEPT): Promise<void> {
    const from = await this.mark('oldest');
    const to = this.segmentOf(head) - kept + 1;
    if (to <= from) return;
    await this.raise('oldest', to);
    this.oldestKnown.until = 0;
    // One before as well: a process that ended between mark and drop left it.
    for (let segment = Math.max(0, from - 1); segment < to; segment += 1) {
      for (const name of [`events_${segment}`, `eventids_${segment}`])
        await runOperation(FAULT, () => this.db.dropCollection(name)).catch(ignoreMissing);
    }
  }

  private async mark(name: Mark['_id']): Promise<number> {
    const found = await runOperation(FAULT, () => this.marks().findOne({ _id: name }));
    return found?.value ?? 0;
  }

  private async raise(name: Mark['_id'], value: number): Promise<void> {
    await runOperation(FAULT, () => this.marks().updateOne({ _id: name }, { $max: { value } }, { upsert: true }));
  }

  private marks(): Collection<Mark> {
    return this.db.collection<Mark>('eventmarks');
  }

  private find(collection: Collection<EventDocument>, id: string): Promise<EventDocument | null> {
    return runOperation(FAULT, () => collection.findOne({ _id: id }));
  }
}

function ignoreMissing(error: unknown): void {
  if ((error as { code?: unknown }).code !== 26) throw error;
}
