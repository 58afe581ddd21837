import { Body, Controller, Headers } from '@nestjs/common';
import type { BodyOf, ResponseOf } from '#contract/endpoint.js';
import { postRecipes } from '#contract/recipes/post-recipes.js';
import { mintId } from '#domain/ids.js';
import { idempotently } from '../creation/idempotently.js';
import { GatewayServices } from '../ports.js';
import { Route } from '../routes/route.js';
import { WorkspaceOfKey } from '../routes/workspace-of-key.js';
import { createRecipe } from './create-recipe.js';
import { projectedRecipe, recipeOf } from './recipe-answer.js';
import { requireSoundRecipe } from './require-sound-recipe.js';

@Controller()
export class PostRecipes {
  constructor(private readonly services: GatewayServices) {}

  @Route(postRecipes)
  async handle(
    @WorkspaceOfKey() workspaceId: string,
    @Headers('idempotency-key') key: string | undefined,
    @Body({ schema: postRecipes.body }) body: BodyOf<typeof postRecipes>,
  ): Promise<ResponseOf<typeof postRecipes>> {
    await requireSoundRecipe(this.services.store, workspaceId, body.definition, body.bindings);
    return idempotently(this.services.store.idempotency, {
      workspaceId,
      key,
      endpoint: 'POST /v1/recipes',
      body,
      mint: () => mintId('recipe'),
      make: async (recipeId) => {
        const document = await createRecipe(this.services, { workspaceId, recipeId, ...body });
        return recipeOf(document, projectedRecipe(document));
      },
    });
  }
}
