import type { z } from 'zod';
import type { PlacedEventSchema } from '#contract/events/event-shape.js';
import type { PlacedEvent } from '#store/events/event-document.js';

export interface EventFilter {
  workspaceId: string;
  subject?: string | undefined;
  kind?: string | undefined;
}

/** Whether a reader may see an event and wants it: the log is one for all workspaces. */
export const isWanted = (event: PlacedEvent, { workspaceId, subject, kind }: EventFilter): boolean =>
  event.workspaceId === workspaceId &&
  (subject === undefined || event.subject === subject) &&
  (kind === undefined || event.kind === kind);

/** An event as it goes out: the workspace is the reader's own. */
export function eventAnswer({ workspaceId: _, facts, ...event }: PlacedEvent): z.infer<typeof PlacedEventSchema> {
  return { ...event, facts: { ...facts } };
}
