import { setTimeout as pause } from 'node:timers/promises';
import type { Happening } from '#domain/happening.js';
import type { Logger } from '#telemetry/logger.js';
import type { EventStore } from './event-store.js';
import { EventWriter } from './event-writer.js';

/** Who tells waits so long for the log, and goes on: the log never fails an act, nor holds up a renewal for longer. */
const TELL_WITHIN_MS = 1_000;
/** What is only noted is written so often, together; and so much of it waits at most. */
const NOTE_EVERY_MS = 200;
const NOTED_MOST = 5_000;
/** A store that is away is said once in so long. */
const TROUBLE_EVERY_MS = 60_000;

/** What a process tells the event log. */
export class EventLog {
  private readonly writer: EventWriter;
  private troubleAt = 0;
  private noted: Happening[] = [];
  private timer: NodeJS.Timeout | null = null;

  constructor(
    events: EventStore,
    private readonly logger: Pick<Logger, 'info' | 'warn'>,
  ) {
    this.writer = new EventWriter({
      events,
      onClash: (id) => logger.info({ event: id }, 'Another happening has the number of this event: it takes the next.'),
      onTrouble: (error) => this.trouble(error),
    });
  }

  /** @returns Whether all of it is stored. False = not yet, or never: it may be told again. Never throws. */
  async tell(happenings: readonly Happening[]): Promise<boolean> {
    if (happenings.length === 0) return true;
    const end = new AbortController();
    const told = Promise.all(happenings.map((happening) => this.writer.offer(happening))).then(
      () => true,
      () => false,
    );
    const late = pause(TELL_WITHIN_MS, false, { signal: end.signal }).catch(() => false);
    const isTold = await Promise.race([told, late]);
    end.abort();
    return isTold;
  }

  /** Tells without waiting, for what happens often: a process that is killed within the next moment takes it along. Never throws. */
  note(happening: Happening): void {
    if (this.noted.length >= NOTED_MOST) return;
    this.noted.push(happening);
    this.timer ??= setTimeout(() => this.flush(), NOTE_EVERY_MS).unref();
  }

  /** Writes what waits. */
  close(): Promise<void> {
    this.flush();
    return this.writer.close();
  }

  private flush(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    for (const happening of this.noted.splice(0)) this.writer.offer(happening).catch(() => undefined);
  }

  private trouble(error: unknown): void {
    const now = Date.now();
    if (now - this.troubleAt < TROUBLE_EVERY_MS) return;
    this.troubleAt = now;
    this.logger.warn({ error }, 'The event log cannot be written at the moment; what happens waits.');
  }
}
