import { defineEndpoint } from '../endpoint.js';
import { IdParamsSchema } from '../fields.js';

/** Deletes a recipe; its open jobs finish. */
export const deleteRecipe = defineEndpoint({
  operationId: 'deleteRecipe',
  method: 'DELETE',
  path: '/v1/recipes/:id',
  tag: 'recipes',
  summary: 'Delete a recipe',
  auth: 'key',
  params: IdParamsSchema,
  status: 204,
  errors: ['not_found', 'actor_lost'],
});
