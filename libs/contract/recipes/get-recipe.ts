import { defineEndpoint } from '../endpoint.js';
import { IdParamsSchema } from '../fields.js';
import { RecipeSchema } from './recipe-shape.js';

/** One recipe, asked from its workflow; when that does not answer within 2 s its projection, marked `stale`. */
export const getRecipe = defineEndpoint({
  operationId: 'getRecipe',
  method: 'GET',
  path: '/v1/recipes/:id',
  tag: 'recipes',
  summary: 'Read a recipe',
  auth: 'key',
  params: IdParamsSchema,
  status: 200,
  response: RecipeSchema,
  errors: ['not_found'],
});
