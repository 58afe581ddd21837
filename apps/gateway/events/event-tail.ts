import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { PlacedEvent } from '#store/events/event-document.js';
import { GatewayServices } from '../ports.js';

/** Between two looks for new events, while somebody listens: with the look itself well below a second. */
const LOOK_EVERY_MS = 200;
/** After a look that failed. */
const AFTER_FAILURE_MS = 1_000;
/** Newest events that are kept in memory for all streams of this gateway. */
const REMEMBERED = 1_000;

/** The end of the event log, read once for all streams of this gateway, and only while there are any. */
@Injectable()
export class EventTail implements OnModuleDestroy {
  private listeners = 0;
  private recent: PlacedEvent[] = [];
  private starting: Promise<void> | null = null;
  private position = 0;
  private round = 0;
  private readonly waiting = new Set<() => void>();

  constructor(private readonly services: GatewayServices) {}

  /** Begins to look, if nobody did. @returns The position that is the last one now. */
  async listen(): Promise<number> {
    this.listeners += 1;
    this.starting ??= this.start();
    try {
      await this.starting;
    } catch (error) {
      this.leave();
      throw error;
    }
    return this.position;
  }

  leave(): void {
    this.listeners -= 1;
    if (this.listeners > 0) return;
    this.round += 1;
    this.starting = null;
    this.recent = [];
    this.wake();
  }

  onModuleDestroy(): void {
    this.round += 1;
    this.wake();
  }

  /** As `EventStore.after`; what is remembered costs no read. */
  async after(position: number, limit: number): Promise<PlacedEvent[]> {
    if (position >= this.position) return [];
    const first = this.recent[0]?.position ?? Number.POSITIVE_INFINITY;
    if (first > position + 1) return this.services.store.events.after(position, limit);
    return this.recent.slice(position + 1 - first, position + 1 - first + limit);
  }

  /** Resolves when there is something after a position, or after a time. */
  async moved(position: number, withinMs: number): Promise<void> {
    if (this.position > position) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, withinMs);
      const { waiting } = this;
      function done(): void {
        clearTimeout(timer);
        waiting.delete(done);
        resolve();
      }
      waiting.add(done);
    });
  }

  private async start(): Promise<void> {
    this.position = await this.services.store.events.head();
    this.round += 1;
    void this.look(this.round);
  }

  private async look(round: number): Promise<void> {
    while (round === this.round) {
      const found = await this.services.store.events.after(this.position, REMEMBERED).catch(() => null);
      if (round !== this.round) return;
      if (found !== null && found.length > 0) this.take(found);
      else await pause(found === null ? AFTER_FAILURE_MS : LOOK_EVERY_MS, undefined, { ref: false });
    }
  }

  private take(found: PlacedEvent[]): void {
    this.recent = [...this.recent, ...found].slice(-REMEMBERED);
    this.position = found.at(-1)?.position ?? this.position;
    this.wake();
  }

  private wake(): void {
    for (const done of [...this.waiting]) done();
  }
}
