import { z } from 'zod';
import { defineEndpoint } from '../endpoint.js';

/** The process runs. */
export const getLive = defineEndpoint({
  operationId: 'getLive',
  method: 'GET',
  path: '/health/live',
  tag: 'service',
  summary: 'The process runs',
  auth: 'none',
  status: 200,
  response: z.object({ status: z.literal('ok') }),
  errors: [],
});
