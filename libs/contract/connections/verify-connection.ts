import { z } from 'zod';
import { defineEndpoint } from '../endpoint.js';
import { IdParamsSchema } from '../fields.js';
import { ConnectionSchema } from './connection-shape.js';

/** Proves the credential at the app now: who it belongs to and what it may do. The result is in `proof`. */
export const verifyConnection = defineEndpoint({
  operationId: 'verifyConnection',
  method: 'POST',
  path: '/v1/connections/:id/verify',
  tag: 'connections',
  summary: 'Verify a connection now',
  description:
    'Also looks at the requirements of everything that waits for this connection, and wakes only what has got what it needs. Read `proof.accepted` and `proof.missing`.',
  auth: 'key',
  params: IdParamsSchema,
  body: z.strictObject({ requirements: z.array(z.string().min(1).max(200)).max(100).default([]) }).optional(),
  status: 200,
  response: ConnectionSchema,
  errors: ['not_found', 'actor_lost', 'not_connected', 'never_authorized', 'connection_disconnected'],
});
