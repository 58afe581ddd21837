import { z } from 'zod';
import { defineEndpoint } from '../endpoint.js';
import { AttemptSchema } from './connection-shape.js';

export const AttemptParamsSchema = z.object({ id: z.string().min(1).max(300), attemptId: z.string().min(1).max(300) });

/** How far an attempt is, and how it ended. */
export const getAttempt = defineEndpoint({
  operationId: 'getAttempt',
  method: 'GET',
  path: '/v1/connections/:id/attempts/:attemptId',
  tag: 'connections',
  summary: 'Read an attempt to authorize',
  auth: 'key',
  params: AttemptParamsSchema,
  status: 200,
  response: AttemptSchema,
  errors: ['not_found'],
});
