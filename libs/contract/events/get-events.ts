import { z } from 'zod';
import { defineEndpoint } from '../endpoint.js';
import { EventFilterSchema, PlacedEventSchema, PositionSchema } from './event-shape.js';

/** Reads the event log of the workspace: whoever keeps `next` misses nothing. */
export const getEvents = defineEndpoint({
  operationId: 'getEvents',
  method: 'GET',
  path: '/v1/events',
  tag: 'events',
  summary: 'What happened, in order',
  description:
    'Events after a position, oldest first. Give `next` as `after` for those that follow; a page may be empty and still move on, since the log is shared. A repeated event has the same id: drop it.',
  auth: 'key',
  query: EventFilterSchema.extend({
    after: PositionSchema.default(0),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  status: 200,
  response: z.object({
    items: z.array(PlacedEventSchema),
    next: z.int().describe('Position that was looked at last.'),
    atEnd: z.boolean().describe('True when nothing stands behind `next` at the moment.'),
    dropped: z.boolean().describe('True when events after `after` are no longer kept: some were missed.'),
  }),
  errors: [],
});
