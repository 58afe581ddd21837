import { defineEndpoint } from '../endpoint.js';
import { IdParamsSchema } from '../fields.js';
import { JobSchema } from './job-shape.js';

/** One job with its steps and what it waits for; works on closed ones too, within Temporal's retention. */
export const getJob = defineEndpoint({
  operationId: 'getJob',
  method: 'GET',
  path: '/v1/jobs/:id',
  tag: 'jobs',
  summary: 'Read a job with its steps',
  auth: 'key',
  params: IdParamsSchema,
  status: 200,
  response: JobSchema,
  errors: ['not_found'],
});
