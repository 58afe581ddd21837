import { defineEndpoint } from '../endpoint.js';
import { IdParamsSchema } from '../fields.js';
import { RecipeInputSchema, RecipeSchema } from './recipe-shape.js';

/** Changes name, definition or bindings; a running recipe takes the new version at a job boundary. */
export const patchRecipe = defineEndpoint({
  operationId: 'patchRecipe',
  method: 'PATCH',
  path: '/v1/recipes/:id',
  tag: 'recipes',
  summary: 'Change a recipe: makes a new version',
  auth: 'key',
  params: IdParamsSchema,
  body: RecipeInputSchema.partial().refine(
    (body) => Object.keys(body).length > 0,
    'Name at least one of: name, definition, bindings.',
  ),
  status: 200,
  response: RecipeSchema,
  errors: ['not_found', 'actor_lost', 'conflict'],
});
