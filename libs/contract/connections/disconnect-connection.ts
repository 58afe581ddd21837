import { z } from 'zod';
import { defineEndpoint } from '../endpoint.js';
import { IdParamsSchema } from '../fields.js';
import { ConnectionSchema } from './connection-shape.js';

/** Gives the grant up: revoked at the app where it can be, credential destroyed, settings and id kept. */
export const disconnectConnection = defineEndpoint({
  operationId: 'disconnectConnection',
  method: 'POST',
  path: '/v1/connections/:id/disconnect',
  tag: 'connections',
  summary: 'Disconnect: revoke the grant and destroy the credential',
  description:
    'While recipes use it, the first call is refused with 409 `in_use` that lists them; repeat with `confirm: true`. No request with the old credential can be under way after `settledAt`.',
  auth: 'key',
  params: IdParamsSchema,
  body: z.strictObject({ confirm: z.boolean().default(false) }).optional(),
  status: 200,
  response: ConnectionSchema,
  errors: ['not_found', 'actor_lost', 'in_use'],
});
