import type { PlacedEvent } from './event-document.js';
import type { EventStore } from './event-store.js';

/** Ids that a reader remembers: a repeat comes within minutes of the first. */
const IDS_REMEMBERED = 10_000;

/** A cursor over the log: each event once, also where a repeated activity has appended it twice. Order holds for each subject. */
export class EventReader {
  private readonly seen = new Set<string>();

  constructor(
    private readonly events: Pick<EventStore, 'after'>,
    /** The last position that was read. */
    public position: number,
  ) {}

  /** The next events, at most `limit`; empty = nothing new, or repeats alone (then `position` has moved). */
  async next(limit: number): Promise<PlacedEvent[]> {
    const found = await this.events.after(this.position, limit);
    this.position = found.at(-1)?.position ?? this.position;
    return found.filter(({ id }) => this.isNew(id));
  }

  private isNew(id: string): boolean {
    if (this.seen.has(id)) return false;
    this.seen.add(id);
    const [first] = this.seen;
    if (this.seen.size > IDS_REMEMBERED && first !== undefined) this.seen.delete(first);
    return true;
  }
}
