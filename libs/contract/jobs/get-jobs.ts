import { z } from 'zod';
import { defineEndpoint } from '../endpoint.js';
import { PageQuerySchema, pageOf } from '../paging.js';
import { JobStatusSchema, JobSummarySchema } from './job-shape.js';

/** Lists jobs, newest first, from Temporal's visibility (which lags by a fraction of a second). */
export const getJobs = defineEndpoint({
  operationId: 'getJobs',
  method: 'GET',
  path: '/v1/jobs',
  tag: 'jobs',
  summary: 'List jobs',
  auth: 'key',
  query: PageQuerySchema.extend({
    recipeId: z.string().min(1).max(100).optional(),
    status: JobStatusSchema.optional(),
    connectionId: z.string().min(1).max(100).optional().describe('Jobs that wait for this connection.'),
  }),
  status: 200,
  response: pageOf(JobSummarySchema),
  errors: [],
});
