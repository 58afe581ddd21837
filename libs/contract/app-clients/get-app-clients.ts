import { PageQuerySchema, pageOf } from '../paging.js';
import { defineEndpoint } from '../endpoint.js';
import { AppClientSchema } from './app-client-shape.js';

/** Lists the OAuth clients of the workspace. */
export const getAppClients = defineEndpoint({
  operationId: 'getAppClients',
  method: 'GET',
  path: '/v1/app-clients',
  tag: 'app clients',
  summary: 'List OAuth clients',
  auth: 'key',
  query: PageQuerySchema,
  status: 200,
  response: pageOf(AppClientSchema),
  errors: [],
});
