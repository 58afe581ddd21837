import { defineEndpoint } from '../endpoint.js';
import { EmptyBodySchema, IdParamsSchema } from '../fields.js';
import { RecipeSchema } from './recipe-shape.js';

/** Starts a recipe after every bound connection was verified once for what its trigger and steps need. */
export const startRecipe = defineEndpoint({
  operationId: 'startRecipe',
  method: 'POST',
  path: '/v1/recipes/:id/start',
  tag: 'recipes',
  summary: 'Start a recipe',
  description:
    'Refused with 409 `not_connected` that lists in `bindings` each binding in the way and what to do; or with 409 and the one reason why a verification failed.',
  auth: 'key',
  params: IdParamsSchema,
  body: EmptyBodySchema,
  status: 200,
  response: RecipeSchema,
  errors: [
    'not_found',
    'actor_lost',
    'not_connected',
    'connection_deleted',
    'right_missing',
    'scope_missing',
    'credential_rejected',
    'conflict',
  ],
});
