import { setImmediate } from 'node:timers/promises';
import type { RecipeBindings, RecipeDefinition } from '#domain/recipe.js';
import { findManifest } from '#connectors/manifests.js';
import type { Store } from '#store/connect-store.js';
import { invalidFields } from '../problems/schema-issues.js';
import { checkRecipe } from './check-recipe.js';
import type { RecipeFault } from './recipe-fault.js';

/** The check lets other requests in so often. */
const BREATHE_EVERY_MS = 10;

/** Of a recipe that was saved by an older build: its inputs. What is bound to it is told by the report of its bindings. */
export const isInputFault = ({ pointer }: RecipeFault): boolean => /\/input(\/|$)/.test(pointer);

/** Refuses an unsound recipe with `request_invalid` that names every fault by a JSON pointer. */
export async function requireSoundRecipe(
  store: Store,
  workspaceId: string,
  definition: RecipeDefinition,
  bindings: RecipeBindings,
  isShown: (fault: RecipeFault) => boolean = () => true,
): Promise<void> {
  const ids = [
    ...new Set(Object.values(bindings).flatMap(({ connectionId }) => (connectionId === null ? [] : [connectionId]))),
  ];
  const connections = await Promise.all(ids.map((id) => store.connections.get(workspaceId, id)));
  const apps = new Map(
    connections.flatMap((connection) =>
      connection && !connection.deleted ? [[connection._id, connection.app] as const] : [],
    ),
  );
  const faults: RecipeFault[] = [];
  let breathed = performance.now();
  for (const found of checkRecipe(definition, bindings, { findManifest, appOf: (id) => apps.get(id) ?? null })) {
    faults.push(...found.filter(isShown));
    // Two hundred thousand characters of mappings take seconds: nobody else waits for all of them.
    if (performance.now() - breathed < BREATHE_EVERY_MS) continue;
    await setImmediate();
    breathed = performance.now();
  }
  if (faults.length > 0) throw invalidFields(faults);
}
