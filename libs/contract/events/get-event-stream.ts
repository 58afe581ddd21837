import { defineEndpoint } from '../endpoint.js';
import { EventFilterSchema, PositionSchema } from './event-shape.js';

/** The event log as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export const getEventStream = defineEndpoint({
  operationId: 'getEventStream',
  method: 'GET',
  path: '/v1/events/stream',
  tag: 'events',
  summary: 'What happens, as it happens',
  description:
    'Server-sent events. `id` is the position: a reader that comes back with `Last-Event-ID` goes on behind it; one that names nothing begins with what happens from now on. A comment comes every 15 s. A key that is taken out of force ends its streams within 5 s, with an event `end`.',
  auth: 'key',
  query: EventFilterSchema.extend({ after: PositionSchema.optional() }),
  status: 200,
  produces: 'text/event-stream',
  errors: [],
});
