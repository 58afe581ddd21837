import { Controller, Param } from '@nestjs/common';
import type { ParamsOf, ResponseOf } from '#contract/endpoint.js';
import { getRecipe } from '#contract/recipes/get-recipe.js';
import { GatewayServices } from '../ports.js';
import { Route } from '../routes/route.js';
import { WorkspaceOfKey } from '../routes/workspace-of-key.js';
import { findRecipe, glanceAtRecipe } from './read-recipe.js';
import { recipeOf } from './recipe-answer.js';

@Controller()
export class GetRecipe {
  constructor(private readonly services: GatewayServices) {}

  @Route(getRecipe)
  async handle(
    @WorkspaceOfKey() workspaceId: string,
    @Param({ schema: getRecipe.params }) { id }: ParamsOf<typeof getRecipe>,
  ): Promise<ResponseOf<typeof getRecipe>> {
    const document = await findRecipe(this.services, workspaceId, id);
    const { view, stale } = await glanceAtRecipe(this.services, document);
    return recipeOf(document, view, stale);
  }
}
