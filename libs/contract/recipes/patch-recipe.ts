import { z } from 'zod';
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
  body: RecipeInputSchema.partial()
    .extend({
      readFrom: z
        .string()
        .max(100)
        .optional()
        .describe(
          'Where the trigger reads on when its connection is changed: "go_on" (behind what was read before; the default for the same account of the same instance), "now", or a date such as 2026-01-31. Asked for by 409 `source_changed` when the account differs.',
        ),
    })
    .refine((body) => Object.keys(body).length > 0, 'Name at least one of: name, definition, bindings.'),
  status: 200,
  response: RecipeSchema,
  errors: ['not_found', 'actor_lost', 'conflict', 'source_changed'],
});
