import { z } from 'zod';
import { defineEndpoint } from '../endpoint.js';

/** Temporal and MongoDB answer; else 503 `temporarily_unavailable` that names which does not. */
export const getReady = defineEndpoint({
  operationId: 'getReady',
  method: 'GET',
  path: '/health/ready',
  tag: 'service',
  summary: 'Temporal and MongoDB answer',
  auth: 'none',
  status: 200,
  response: z.object({ status: z.literal('ok'), temporal: z.literal('ok'), mongodb: z.literal('ok') }),
  errors: ['temporarily_unavailable'],
});
