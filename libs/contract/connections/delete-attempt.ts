import { defineEndpoint } from '../endpoint.js';
import { ConnectionSchema } from './connection-shape.js';
import { AttemptParamsSchema } from './get-attempt.js';

/** Cancels an open attempt; the connection stays as it was. */
export const deleteAttempt = defineEndpoint({
  operationId: 'deleteAttempt',
  method: 'DELETE',
  path: '/v1/connections/:id/attempts/:attemptId',
  tag: 'connections',
  summary: 'Cancel an attempt to authorize',
  auth: 'key',
  params: AttemptParamsSchema,
  status: 200,
  response: ConnectionSchema,
  errors: ['not_found', 'actor_lost'],
});
