import { Body, Controller, Param } from '@nestjs/common';
import type { BodyOf, ParamsOf, ResponseOf } from '#contract/endpoint.js';
import { startRecipe } from '#contract/recipes/start-recipe.js';
import { findManifest } from '#connectors/manifests.js';
import type { RecipeDocument } from '#store/documents.js';
import { changeRecipeUpdate, startRecipeUpdate, type RecipeView } from '#workflows/recipe/messages.js';
import { GatewayServices } from '../ports.js';
import { Route } from '../routes/route.js';
import { WorkspaceOfKey } from '../routes/workspace-of-key.js';
import { findRecipe, glanceAtRecipe, updateRecipe } from './read-recipe.js';
import { readTriggerFields } from './read-trigger-fields.js';
import { recipeOf } from './recipe-answer.js';
import { reportBindings } from './report-bindings.js';
import { requireConnected } from './require-connected.js';
import { isInputFault, requireSoundRecipe } from './require-sound-recipe.js';
import { requirementsOf, usedBindings } from './requirements-of.js';
import { verifyBindings } from './verify-bindings.js';

@Controller()
export class StartRecipe {
  constructor(private readonly services: GatewayServices) {}

  @Route(startRecipe)
  async handle(
    @WorkspaceOfKey() workspaceId: string,
    @Param({ schema: startRecipe.params }) { id }: ParamsOf<typeof startRecipe>,
    @Body({ schema: startRecipe.body }) _: BodyOf<typeof startRecipe>,
  ): Promise<ResponseOf<typeof startRecipe>> {
    const document = await findRecipe(this.services, workspaceId, id);
    const before = await glanceAtRecipe(this.services, document);
    // Started already: nothing is proven again, whoever presses twice.
    if (!before.stale && before.view.status !== 'stopped')
      return recipeOf(document, await this.withNewestVersion(document, before.view));
    const { definition, bindings } = document;
    await requireSoundRecipe(this.services.store, workspaceId, definition, bindings, isInputFault);
    const { reports, views } = await reportBindings(this.services, document);
    requireConnected(`The recipe "${document.name}" cannot be started`, reports, usedBindings(document.definition));
    const fields = await readTriggerFields(definition);
    await verifyBindings(this.services, views, requirementsOf(definition, bindings, findManifest, fields));
    await this.withNewestVersion(document, before.view);
    const view = await updateRecipe(this.services, document, {
      update: startRecipeUpdate,
      args: [],
      updateId: `start:${before.view.revision}`,
    });
    this.services.events.recipeStarted({ workspaceId, recipeId: id, version: document.version });
    return recipeOf(document, view);
  }

  /**
   * A change that was stored and answered 503 may never have reached the workflow: it is told before anything runs, since what is shown is
   * what must run. The update's id is that of the change, so a late one of then is the same.
   */
  private async withNewestVersion(document: RecipeDocument, view: RecipeView): Promise<RecipeView> {
    const { version, name, definition, bindings } = document;
    if (view.version >= version) return view;
    return updateRecipe(this.services, document, {
      update: changeRecipeUpdate,
      args: [{ version, name, definition, bindings }],
      updateId: `change:${version}`,
    });
  }
}
