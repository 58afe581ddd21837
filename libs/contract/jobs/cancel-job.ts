import { defineEndpoint } from '../endpoint.js';
import { EmptyBodySchema, IdParamsSchema } from '../fields.js';
import { JobSchema } from './job-shape.js';

/** Asks a job to stop; a step under way ends first. The answer shows the job as it is then. */
export const cancelJob = defineEndpoint({
  operationId: 'cancelJob',
  method: 'POST',
  path: '/v1/jobs/:id/cancel',
  tag: 'jobs',
  summary: 'Cancel a job',
  auth: 'key',
  params: IdParamsSchema,
  body: EmptyBodySchema,
  status: 202,
  response: JobSchema,
  errors: ['not_found', 'conflict'],
});
