import { z } from 'zod';
import { defineEndpoint } from '../endpoint.js';
import { IdParamsSchema } from '../fields.js';

/** Deletes a connection for good; a tombstone stays. */
export const deleteConnection = defineEndpoint({
  operationId: 'deleteConnection',
  method: 'DELETE',
  path: '/v1/connections/:id',
  tag: 'connections',
  summary: 'Delete a connection',
  description:
    'Refused with 409 `in_use` that lists its recipes unless `force=true`; parked jobs then wait for another binding or a cancel.',
  auth: 'key',
  params: IdParamsSchema,
  query: z.strictObject({ force: z.enum(['true', 'false']).default('false') }),
  status: 204,
  errors: ['not_found', 'actor_lost', 'in_use'],
});
