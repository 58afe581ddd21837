import { z } from 'zod';
import { defineEndpoint } from '../endpoint.js';
import { PageQuerySchema, pageOf } from '../paging.js';
import { ConnectionSchema } from './connection-shape.js';

/** Lists connections from their projections, with what waits for each. Deleted ones are left out. */
export const getConnections = defineEndpoint({
  operationId: 'getConnections',
  method: 'GET',
  path: '/v1/connections',
  tag: 'connections',
  summary: 'List connections with their parked jobs and recipes',
  auth: 'key',
  query: PageQuerySchema.extend({ app: z.string().max(100).optional() }),
  status: 200,
  response: pageOf(ConnectionSchema),
  errors: [],
});
