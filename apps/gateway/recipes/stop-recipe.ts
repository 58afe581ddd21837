import { Body, Controller, Param } from '@nestjs/common';
import type { BodyOf, ParamsOf, ResponseOf } from '#contract/endpoint.js';
import { stopRecipe } from '#contract/recipes/stop-recipe.js';
import { stopRecipeUpdate } from '#workflows/recipe/messages.js';
import { GatewayServices } from '../ports.js';
import { Route } from '../routes/route.js';
import { WorkspaceOfKey } from '../routes/workspace-of-key.js';
import { findRecipe, glanceAtRecipe, updateRecipe } from './read-recipe.js';
import { recipeOf } from './recipe-answer.js';

@Controller()
export class StopRecipe {
  constructor(private readonly services: GatewayServices) {}

  @Route(stopRecipe)
  async handle(
    @WorkspaceOfKey() workspaceId: string,
    @Param({ schema: stopRecipe.params }) { id }: ParamsOf<typeof stopRecipe>,
    @Body({ schema: stopRecipe.body }) _: BodyOf<typeof stopRecipe>,
  ): Promise<ResponseOf<typeof stopRecipe>> {
    const document = await findRecipe(this.services, workspaceId, id);
    const before = await glanceAtRecipe(this.services, document);
    const view = await updateRecipe(this.services, document, {
      update: stopRecipeUpdate,
      args: [],
      updateId: `stop:${before.view.revision}`,
    });
    this.services.events.recipeStopped({ workspaceId, recipeId: id });
    return recipeOf(document, view);
  }
}
