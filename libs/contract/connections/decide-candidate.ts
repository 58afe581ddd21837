import { z } from 'zod';
import { defineEndpoint } from '../endpoint.js';
import { IdParamsSchema } from '../fields.js';
import { ConnectionSchema } from './connection-shape.js';

/** Accepts or refuses the grant of another user of the same instance. */
export const decideCandidate = defineEndpoint({
  operationId: 'decideCandidate',
  method: 'POST',
  path: '/v1/connections/:id/candidate',
  tag: 'connections',
  summary: 'Accept or refuse a candidate grant',
  auth: 'key',
  params: IdParamsSchema,
  body: z.strictObject({
    // As the actor itself reads it: workflows/read-field.ts.
    attemptId: z.string().regex(/^[A-Za-z0-9_.-]{1,100}$/, 'This is no id of an attempt.'),
    accept: z.boolean(),
  }),
  status: 200,
  response: ConnectionSchema,
  errors: ['not_found', 'actor_lost', 'conflict'],
});
