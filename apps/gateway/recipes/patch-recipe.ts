import { Body, Controller, Param } from '@nestjs/common';
import type { BodyOf, ParamsOf, ResponseOf } from '#contract/endpoint.js';
import { patchRecipe } from '#contract/recipes/patch-recipe.js';
import type { RecipeDocument } from '#store/documents.js';
import { changeRecipeUpdate } from '#workflows/recipe/messages.js';
import { GatewayServices } from '../ports.js';
import { ProblemError } from '../problems/problem-error.js';
import { Route } from '../routes/route.js';
import { WorkspaceOfKey } from '../routes/workspace-of-key.js';
import { parseReadFrom, requireChoice } from './read-from.js';
import { findRecipe, glanceAtRecipe, updateRecipe } from './read-recipe.js';
import { recipeOf } from './recipe-answer.js';
import { requireSoundRecipe } from './require-sound-recipe.js';

@Controller()
export class PatchRecipe {
  constructor(private readonly services: GatewayServices) {}

  @Route(patchRecipe)
  async handle(
    @WorkspaceOfKey() workspaceId: string,
    @Param({ schema: patchRecipe.params }) { id }: ParamsOf<typeof patchRecipe>,
    @Body({ schema: patchRecipe.body }) body: BodyOf<typeof patchRecipe>,
  ): Promise<ResponseOf<typeof patchRecipe>> {
    const { store } = this.services;
    const present = await findRecipe(this.services, workspaceId, id);
    const wish = {
      name: body.name ?? present.name,
      definition: body.definition ?? present.definition,
      bindings: body.bindings ?? present.bindings,
    };
    const readFrom = parseReadFrom(body.readFrom);
    await requireSoundRecipe(store, workspaceId, wish.definition, wish.bindings);
    if (readFrom === undefined) await this.requireChoice(present, wish);
    const changed = await store.recipes.change(workspaceId, id, present.version, wish);
    if (!changed)
      throw new ProblemError('conflict', 'Somebody else has changed the recipe meanwhile.', {
        cure: 'Read it again and repeat the change.',
      });
    const { version } = changed;
    const view = await updateRecipe(this.services, changed, {
      update: changeRecipeUpdate,
      args: [{ version, ...wish, ...(readFrom === undefined ? {} : { readFrom }) }],
      updateId: `change:${version}`,
    });
    return recipeOf(changed, view);
  }

  private async requireChoice(
    present: RecipeDocument,
    wish: Pick<RecipeDocument, 'definition' | 'bindings'>,
  ): Promise<void> {
    const { view } = await glanceAtRecipe(this.services, present);
    await requireChoice(this.services, present, wish, Object.keys(view.cursors).length > 0);
  }
}
