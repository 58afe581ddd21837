import { defineEndpoint } from '../endpoint.js';
import { z } from 'zod';
import { IdParamsSchema } from '../fields.js';
import { ConnectionSchema } from './connection-shape.js';

/** Renews the access token now, unless a newer one is there or the grant is dead; one that was just renewed is proven instead. */
export const refreshConnection = defineEndpoint({
  operationId: 'refreshConnection',
  method: 'POST',
  path: '/v1/connections/:id/refresh',
  tag: 'connections',
  summary: 'Renew the access token now',
  auth: 'key',
  params: IdParamsSchema,
  body: z
    .strictObject({
      seenVersion: z
        .int()
        .min(0)
        // As the actor itself does: workflows/read-field.ts.
        .max(1_000_000_000)
        .optional()
        .describe(
          'The version that you have seen (default: the present one): if there is a newer one, nothing is renewed.',
        ),
    })
    .optional(),
  status: 200,
  response: ConnectionSchema,
  errors: [
    'not_found',
    'actor_lost',
    'not_connected',
    'never_authorized',
    'connection_disconnected',
    'grant_revoked',
    'rotation_lost',
    'no_refresh_token',
  ],
});
