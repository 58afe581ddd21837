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
  body: z.strictObject({ attemptId: z.string().min(1).max(300), accept: z.boolean() }),
  status: 200,
  response: ConnectionSchema,
  errors: ['not_found', 'actor_lost', 'conflict'],
});
