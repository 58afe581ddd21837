import { z } from 'zod';
import { defineEndpoint } from '../endpoint.js';
import { EventSchema } from '../events/event-shape.js';
import { IdParamsSchema } from '../fields.js';
import { pageOf } from '../paging.js';

/** What happened to a connection: authorized, renewed, verified, lost, healed. */
export const getTimeline = defineEndpoint({
  operationId: 'getTimeline',
  method: 'GET',
  path: '/v1/connections/:id/timeline',
  tag: 'connections',
  summary: 'What happened to it, newest first',
  auth: 'key',
  params: IdParamsSchema,
  query: z.strictObject({
    limit: z.coerce.number().int().min(1).max(100).default(20),
    cursor: z
      .string()
      .regex(/^[1-9]\d{0,11}$/, 'This is no cursor of ours.')
      .optional()
      .describe('`nextCursor` of the page before.'),
  }),
  status: 200,
  response: pageOf(EventSchema),
  errors: ['not_found'],
});
