import { EventReader } from '#store/events/event-reader.js';
import { eventAnswer, isWanted, type EventFilter } from './event-answer.js';
import type { EventTail } from './event-tail.js';
import type { ServerSentEvents } from './server-sent-events.js';

/** A sign of life, and the position that was looked at: proxies end what is silent. */
const HEARTBEAT_MS = 15_000;
/** How soon a stream whose reader has gone is noticed by itself. */
const LOOK_EVERY_MS = 1_000;
const PAGE = 100;

/** Sends what is wanted, from a position on, until the stream is over. */
export async function streamEvents(
  tail: EventTail,
  out: ServerSentEvents,
  { filter, start, oldest }: { filter: EventFilter; start: number; oldest: number },
): Promise<void> {
  const reader = new EventReader(tail, Math.max(start, oldest - 1));
  if (reader.position > start) await out.write(block('dropped', reader.position, { next: reader.position }));
  let spokenAt = Date.now();
  while (!out.isOver) {
    const before = reader.position;
    const found = await reader.next(PAGE).catch(() => null);
    if (found === null) return out.end('temporarily_unavailable');
    const text = found
      .filter((event) => isWanted(event, filter))
      .map((event) => block(event.kind, event.position, eventAnswer(event)))
      .join('');
    const isSilent = Date.now() - spokenAt >= HEARTBEAT_MS;
    if (text !== '' || isSilent) {
      await out.write(text === '' ? `: alive\nid: ${reader.position}\n\n` : text);
      spokenAt = Date.now();
    }
    if (reader.position === before) await tail.moved(before, LOOK_EVERY_MS);
  }
}

const block = (event: string, id: number, data: object): string =>
  `event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`;
