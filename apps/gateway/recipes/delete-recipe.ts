import { Controller, Param } from '@nestjs/common';
import type { ParamsOf } from '#contract/endpoint.js';
import { deleteRecipe } from '#contract/recipes/delete-recipe.js';
import { deleteRecipeUpdate } from '#workflows/recipe/messages.js';
import { GatewayServices } from '../ports.js';
import { Route } from '../routes/route.js';
import { WorkspaceOfKey } from '../routes/workspace-of-key.js';
import { findRecipe, updateRecipe } from './read-recipe.js';

@Controller()
export class DeleteRecipe {
  constructor(private readonly services: GatewayServices) {}

  @Route(deleteRecipe)
  async handle(
    @WorkspaceOfKey() workspaceId: string,
    @Param({ schema: deleteRecipe.params }) { id }: ParamsOf<typeof deleteRecipe>,
  ): Promise<void> {
    const document = await findRecipe(this.services, workspaceId, id);
    await updateRecipe(this.services, document, { update: deleteRecipeUpdate, args: [], updateId: 'delete' });
  }
}
