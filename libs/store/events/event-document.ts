import type { Happening } from '#domain/happening.js';

/** A happening at its place in the one order of all: `_id` = `e/<position>`, from 1, without a hole. */
export interface EventDocument extends Happening {
  _id: string;
  /** `<subject>/<generation>.<sequence>`; readers drop those that they have seen. */
  id: string;
  /** Random, one for each offer: by it a writer knows what it has inserted when an answer was lost. */
  entry: string;
}

export type PlacedEvent = Omit<EventDocument, 'entry' | '_id'> & { position: number };

export const positionId = (position: number): string => `e/${position}`;

export function placedOf({ _id, entry: _, ...event }: EventDocument): PlacedEvent {
  return { ...event, position: Number(_id.slice(2)) };
}
