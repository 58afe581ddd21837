import { defineEndpoint } from '../endpoint.js';
import { IdParamsSchema } from '../fields.js';

/** Removes an OAuth client that no connection uses. */
export const deleteAppClient = defineEndpoint({
  operationId: 'deleteAppClient',
  method: 'DELETE',
  path: '/v1/app-clients/:id',
  tag: 'app clients',
  summary: 'Delete an OAuth client that no connection uses',
  auth: 'key',
  params: IdParamsSchema,
  status: 204,
  errors: ['not_found', 'in_use'],
});
