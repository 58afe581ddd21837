import { z } from 'zod';
import { defineEndpoint } from '../endpoint.js';
import { PageQuerySchema, pageOf } from '../paging.js';
import { ConnectionInDetailSchema } from './connection-shape.js';

/** Lists connections from their projections, with what waits for each. Deleted ones are left out. `warnings` only where one page holds them all. */
export const getConnections = defineEndpoint({
  operationId: 'getConnections',
  method: 'GET',
  path: '/v1/connections',
  tag: 'connections',
  summary: 'List connections with their parked jobs and recipes',
  auth: 'key',
  query: PageQuerySchema.extend({ app: z.string().max(100).optional() }),
  status: 200,
  response: pageOf(ConnectionInDetailSchema),
  errors: [],
});
