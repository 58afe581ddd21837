import { z } from 'zod';
import { defineEndpoint } from '../endpoint.js';
import { IdParamsSchema } from '../fields.js';
import { JobSchema } from './job-shape.js';

/** Lets a job wait for, and go on with, another connection of the same app. */
export const rebindJob = defineEndpoint({
  operationId: 'rebindJob',
  method: 'POST',
  path: '/v1/jobs/:id/rebind',
  tag: 'jobs',
  summary: 'Bind an open job to another connection',
  auth: 'key',
  params: IdParamsSchema,
  body: z.strictObject({ binding: z.string().min(1).max(64), connectionId: z.string().min(1).max(100) }),
  status: 202,
  response: JobSchema,
  errors: ['not_found', 'conflict'],
});
