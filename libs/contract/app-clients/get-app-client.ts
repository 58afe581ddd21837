import { defineEndpoint } from '../endpoint.js';
import { IdParamsSchema } from '../fields.js';
import { AppClientSchema } from './app-client-shape.js';

/** One OAuth client, without its secret. */
export const getAppClient = defineEndpoint({
  operationId: 'getAppClient',
  method: 'GET',
  path: '/v1/app-clients/:id',
  tag: 'app clients',
  summary: 'Read an OAuth client',
  auth: 'key',
  params: IdParamsSchema,
  status: 200,
  response: AppClientSchema,
  errors: ['not_found'],
});
