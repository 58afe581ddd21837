import { z } from 'zod';
import { defineEndpoint } from '../endpoint.js';
import { IdParamsSchema } from '../fields.js';
import { JobSummarySchema } from '../jobs/job-shape.js';
import { RecipeStatusSchema } from '../recipes/recipe-shape.js';

/** Where a connection is used and what waits for it. */
export const getConnectionUsage = defineEndpoint({
  operationId: 'getConnectionUsage',
  method: 'GET',
  path: '/v1/connections/:id/usage',
  tag: 'connections',
  summary: 'Which recipes use it, which jobs wait for it',
  auth: 'key',
  params: IdParamsSchema,
  status: 200,
  response: z.object({
    recipes: z.array(
      z.object({ id: z.string(), name: z.string(), status: RecipeStatusSchema, bindings: z.array(z.string()) }),
    ),
    parkedJobs: z.object({ count: z.int(), items: z.array(JobSummarySchema).describe('The first 50.') }),
  }),
  errors: ['not_found'],
});
