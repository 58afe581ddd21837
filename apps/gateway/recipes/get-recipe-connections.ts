import { Controller, Param } from '@nestjs/common';
import type { ParamsOf, ResponseOf } from '#contract/endpoint.js';
import { getRecipeConnections } from '#contract/recipes/get-recipe-connections.js';
import { errorClass } from '#domain/errors.js';
import { GatewayServices } from '../ports.js';
import { Route } from '../routes/route.js';
import { WorkspaceOfKey } from '../routes/workspace-of-key.js';
import type { BindingReport } from './binding-report.js';
import { findRecipe } from './read-recipe.js';
import { recipeWaits } from './recipe-waits.js';
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
    const waits = await recipeWaits(this.services, recipe);
    const { reports } = await reportBindings(this.services, recipe, waits);
    const used = new Set(usedBindings(recipe.definition));
    const inTheWay = ({ connected, action, connectionId }: BindingReport): boolean =>
      !connected ||
      action !== 'none' ||
      (waits.get(connectionId ?? '') ?? []).some(({ code }) => errorClass(code) === 'wait_for_operator');
    return { ready: !reports.some((report) => used.has(report.binding) && inTheWay(report)), items: reports };
  }
}
