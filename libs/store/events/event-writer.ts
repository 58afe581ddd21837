/** The one writer of events of a process: collects what is offered and writes it in batches, each event after its id is its own. */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { HawserError } from '#domain/errors.js';
import type { Happening } from '#domain/happening.js';
import { isStoreFault } from '../run-operation.js';
import { placeEvents } from './place-events.js';
import { claimIds } from './claim-ids.js';
import type { EventStore } from './event-store.js';
import type { Offered } from './offered.js';

/** Events of one batch (docs/store-rules.md, rule 8). */
const BATCH = 100;
/** Events that wait to be written. */
export const QUEUE = 10_000;
/** What stops gets so long for what waits. */
const CLOSE_WITHIN_MS = 2_000;
const LONGEST_PAUSE_MS = 2_000;
/** The head is noted each time so many positions were taken. */
const NOTE_EVERY = 500;

export interface WriterOptions {
  events: EventStore;
  /** Another happening holds this id: the next number is taken. */
  onClash(id: string): void;
  /** The store does not take events at the moment; they wait. Called for each failed try. */
  onTrouble(error: unknown): void;
  queue?: number;
}

export class EventWriter {
  private readonly waiting: Offered[] = [];
  private working: Promise<void> | null = null;
  private closed = false;
  private failures = 0;
  private noted = 0;

  constructor(private readonly options: WriterOptions) {}

  /**
   * Resolves when the event is stored.
   * @throws HawserError `temporarily_unavailable`: too many wait, or the process ends. It may be offered again: a repeat is no harm.
   */
  offer(event: Happening): Promise<void> {
    if (this.closed || this.waiting.length >= (this.options.queue ?? QUEUE))
      return Promise.reject(new HawserError('temporarily_unavailable', 'The event log takes nothing at the moment.'));
    return new Promise((resolve, reject) => {
      this.waiting.push({ event, entry: randomBytes(9).toString('base64url'), resolve, reject });
      this.begin();
    });
  }

  /** Takes no more and writes what waits, for at most 2 s. */
  async close(): Promise<void> {
    this.closed = true;
    const end = new AbortController();
    await Promise.race([
      this.working,
      pause(CLOSE_WITHIN_MS, undefined, { signal: end.signal }).catch(() => undefined),
    ]);
    end.abort();
    this.giveUp(this.waiting.splice(0), new HawserError('temporarily_unavailable'));
  }

  private begin(): void {
    this.working ??= this.work().finally(() => {
      this.working = null;
      // Offered between the last look and this moment.
      if (this.waiting.length > 0 && !this.closed) this.begin();
    });
  }

  private async work(): Promise<void> {
    // What is offered in the same moment goes out together.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const batch = this.waiting.slice(0, BATCH);
      try {
        await this.write(batch);
        this.failures = 0;
        // Unless the process has given up meanwhile.
        this.waiting.splice(0, this.waiting[0] === batch[0] ? batch.length : 0);
        for (const { resolve } of batch) resolve();
      } catch (error) {
        this.options.onTrouble(error);
        const passes = isStoreFault(error) || (error instanceof HawserError && error.class === 'retry');
        if (!passes) this.giveUp(this.waiting.splice(0, batch.length), error);
        else if (this.closed) return;
        else await this.rest();
      }
    }
  }

  private async write(batch: Offered[]): Promise<void> {
    const { events, onClash } = this.options;
    const head = await events.near();
    const claimed = await claimIds(events, events.segmentOf(head + 1), batch, onClash);
    const last = await placeEvents(events, head, claimed);
    if (last - this.noted < NOTE_EVERY && this.noted > 0) return;
    const crossed = events.segmentOf(last) !== events.segmentOf(this.noted);
    this.noted = last;
    await events.noteHead(last);
    if (crossed) await events.dropBefore(last);
  }

  private rest(): Promise<void> {
    this.failures += 1;
    const full = Math.min(LONGEST_PAUSE_MS, 50 * 2 ** Math.min(this.failures, 10));
    return pause(full * (0.5 + Math.random() / 2), undefined, { ref: false });
  }

  private giveUp(offers: Offered[], error: unknown): void {
    for (const { reject } of offers) reject(error);
  }
}
