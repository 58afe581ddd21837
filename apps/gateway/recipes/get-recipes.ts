import { Controller, Query } from '@nestjs/common';
import type { QueryOf, ResponseOf } from '#contract/endpoint.js';
import { getRecipes } from '#contract/recipes/get-recipes.js';
import type { RecipeDocument } from '#store/documents.js';
import { GatewayServices } from '../ports.js';
import { Route } from '../routes/route.js';
import { WorkspaceOfKey } from '../routes/workspace-of-key.js';
import { projectedRecipe, recipeOf } from './recipe-answer.js';

@Controller()
export class GetRecipes {
  constructor(private readonly services: GatewayServices) {}

  @Route(getRecipes)
  async handle(
    @WorkspaceOfKey() workspaceId: string,
    @Query({ schema: getRecipes.query }) query: QueryOf<typeof getRecipes>,
  ): Promise<ResponseOf<typeof getRecipes>> {
    const { limit, cursor, connectionId } = query;
    const page = await this.services.store.recipes.list(workspaceId, { limit, after: cursor ?? null });
    // The store has no index by binding: a filtered page may be shorter than `limit`, and the cursor still leads on.
    const wanted = connectionId === undefined ? page.items : page.items.filter((recipe) => binds(recipe, connectionId));
    return { items: wanted.map((recipe) => recipeOf(recipe, projectedRecipe(recipe))), nextCursor: page.nextCursor };
  }
}

function binds({ bindings }: RecipeDocument, connectionId: string): boolean {
  return Object.values(bindings).some((binding) => binding.connectionId === connectionId);
}
