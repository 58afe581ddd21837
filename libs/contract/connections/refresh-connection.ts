import { defineEndpoint } from '../endpoint.js';
import { EmptyBodySchema, IdParamsSchema } from '../fields.js';
import { ConnectionSchema } from './connection-shape.js';

/** Renews the access token now, unless it is too young or the grant is dead. */
export const refreshConnection = defineEndpoint({
  operationId: 'refreshConnection',
  method: 'POST',
  path: '/v1/connections/:id/refresh',
  tag: 'connections',
  summary: 'Renew the access token now',
  auth: 'key',
  params: IdParamsSchema,
  body: EmptyBodySchema,
  status: 200,
  response: ConnectionSchema,
  errors: [
    'not_found',
    'not_connected',
    'never_authorized',
    'connection_disconnected',
    'connection_deleted',
    'grant_revoked',
    'rotation_lost',
    'no_refresh_token',
    'conflict',
  ],
});
