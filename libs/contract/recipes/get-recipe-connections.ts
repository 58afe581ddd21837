import { z } from 'zod';
import { defineEndpoint } from '../endpoint.js';
import { IdParamsSchema } from '../fields.js';
import { RecipeConnectionSchema } from './recipe-shape.js';

/** The Connections view: which app is connected, which is not, what to do (AS-01). */
export const getRecipeConnections = defineEndpoint({
  operationId: 'getRecipeConnections',
  method: 'GET',
  path: '/v1/recipes/:id/connections',
  tag: 'recipes',
  summary: "A recipe's connections: which is connected, which is not, what to do",
  auth: 'key',
  params: IdParamsSchema,
  status: 200,
  response: z.object({
    ready: z.boolean().describe('Every binding can be used, and nothing waits for a right or an operator.'),
    items: z.array(RecipeConnectionSchema),
  }),
  errors: ['not_found'],
});
