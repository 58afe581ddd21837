import { defineEndpoint } from '../endpoint.js';
import { EmptyBodySchema, IdParamsSchema } from '../fields.js';
import { JobSchema } from './job-shape.js';

/** Runs a failed job again from the failed step, after its connections were verified. Earlier outputs are kept. */
export const rerunJob = defineEndpoint({
  operationId: 'rerunJob',
  method: 'POST',
  path: '/v1/jobs/:id/rerun',
  tag: 'jobs',
  summary: 'Rerun a failed job from the failed step',
  auth: 'key',
  params: IdParamsSchema,
  body: EmptyBodySchema,
  status: 202,
  response: JobSchema,
  errors: ['not_found', 'conflict', 'not_connected', 'right_missing', 'scope_missing', 'credential_rejected'],
});
