import { defineEndpoint } from '../endpoint.js';
import { RecipeInputSchema, RecipeSchema } from './recipe-shape.js';

/** Makes a recipe, stopped. Bindings may be empty until it is started. */
export const postRecipes = defineEndpoint({
  operationId: 'postRecipes',
  method: 'POST',
  path: '/v1/recipes',
  tag: 'recipes',
  summary: 'Create a recipe (stopped)',
  auth: 'key',
  idempotent: true,
  body: RecipeInputSchema,
  status: 201,
  response: RecipeSchema,
  errors: [],
});
