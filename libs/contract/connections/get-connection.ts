import { defineEndpoint } from '../endpoint.js';
import { IdParamsSchema } from '../fields.js';
import { ConnectionInDetailSchema } from './connection-shape.js';

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
