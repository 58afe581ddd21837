import { z } from 'zod';
import { defineEndpoint } from '../endpoint.js';
import { IdParamsSchema } from '../fields.js';
import { ConnectionSchema } from './connection-shape.js';

/** What a connection that is read by itself shows beside what every list shows. */
const ConnectionInDetailSchema = ConnectionSchema.extend({
  warnings: z
    .array(z.object({ text: z.string(), connections: z.array(z.object({ id: z.string(), name: z.string() })) }))
    .optional()
    .describe('What endangers the connection, and the connections that have to do with it.'),
}).meta({ id: 'ConnectionInDetail' });

/** One connection, asked from its actor; when that does not answer within 2 s its projection, marked `stale`. */
export const getConnection = defineEndpoint({
  operationId: 'getConnection',
  method: 'GET',
  path: '/v1/connections/:id',
  tag: 'connections',
  summary: 'Read a connection',
  auth: 'key',
  params: IdParamsSchema,
  status: 200,
  response: ConnectionInDetailSchema,
  errors: ['not_found'],
});
