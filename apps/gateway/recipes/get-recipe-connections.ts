import { Controller, Param } from '@nestjs/common';
import type { ParamsOf, ResponseOf } from '#contract/endpoint.js';
import { getRecipeConnections } from '#contract/recipes/get-recipe-connections.js';
import { GatewayServices } from '../ports.js';
import { Route } from '../routes/route.js';
import { WorkspaceOfKey } from '../routes/workspace-of-key.js';
import { findRecipe } from './read-recipe.js';
import { reportBindings } from './report-bindings.js';
import { usedBindings } from './requirements-of.js';

@Controller()
export class GetRecipeConnections {
  constructor(private readonly services: GatewayServices) {}

  @Route(getRecipeConnections)
  async handle(
    @WorkspaceOfKey() workspaceId: string,
    @Param({ schema: getRecipeConnections.params }) { id }: ParamsOf<typeof getRecipeConnections>,
  ): Promise<ResponseOf<typeof getRecipeConnections>> {
    const recipe = await findRecipe(this.services, workspaceId, id);
    const { reports } = await reportBindings(this.services, recipe);
    const used = new Set(usedBindings(recipe.definition));
    return { ready: reports.every(({ binding, connected }) => connected || !used.has(binding)), items: reports };
  }
}
