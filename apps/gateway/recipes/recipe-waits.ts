import type { RecipeDocument } from '#store/documents.js';
import type { GatewayServices } from '../ports.js';
import { glanceAtRights } from '../temporal/visibility.js';
import type { BindingWait } from './binding-report.js';
import { glanceAtRecipe } from './read-recipe.js';

/** What a recipe and its open jobs wait for, by connection: the recipe's own word, and what Temporal shows of its jobs. */
export async function recipeWaits(
  services: GatewayServices,
  document: RecipeDocument,
): Promise<Map<string, BindingWait[]>> {
  const [{ view }, rights] = await Promise.all([
    glanceAtRecipe(services, document),
    glanceAtRights(services.client, document.workspaceId, document._id),
  ]);
  const own = view.waitingFor;
  const waits = new Map<string, BindingWait[]>();
  const add = (connectionId: string, wait: BindingWait): void => {
    waits.set(connectionId, [...(waits.get(connectionId) ?? []), wait]);
  };
  if (own) add(own.connectionId, own);
  for (const [connectionId, requirement] of rights) {
    const isOwn = own?.connectionId === connectionId && own.requirement === requirement;
    if (!isOwn) add(connectionId, { code: 'right_missing', requirement });
  }
  return waits;
}
