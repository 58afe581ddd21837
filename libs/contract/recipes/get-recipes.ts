import { z } from 'zod';
import { defineEndpoint } from '../endpoint.js';
import { PageQuerySchema, pageOf } from '../paging.js';
import { RecipeSchema } from './recipe-shape.js';

/** Lists recipes from their projections. */
export const getRecipes = defineEndpoint({
  operationId: 'getRecipes',
  method: 'GET',
  path: '/v1/recipes',
  tag: 'recipes',
  summary: 'List recipes',
  auth: 'key',
  query: PageQuerySchema.extend({ connectionId: z.string().max(100).optional() }),
  status: 200,
  response: pageOf(RecipeSchema),
  errors: [],
});
