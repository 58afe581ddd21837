import { defineEndpoint } from '../endpoint.js';
import { EmptyBodySchema, IdParamsSchema } from '../fields.js';
import { RecipeSchema } from './recipe-shape.js';

/** Ends polling; open jobs finish, parked ones later, unless they are cancelled. */
export const stopRecipe = defineEndpoint({
  operationId: 'stopRecipe',
  method: 'POST',
  path: '/v1/recipes/:id/stop',
  tag: 'recipes',
  summary: 'Stop a recipe',
  auth: 'key',
  params: IdParamsSchema,
  body: EmptyBodySchema,
  status: 200,
  response: RecipeSchema,
  errors: ['not_found', 'actor_lost'],
});
