import { setImmediate } from 'node:timers/promises';
import type { RecipeDefinition } from '#domain/recipe.js';
import { expressionsOf, triggerFieldsOf } from '#mapping/trigger-fields.js';

/** What the recipe's steps read of its event. Expressions take time to read: others are let in between. */
export async function readTriggerFields({ steps }: RecipeDefinition): Promise<string[]> {
  const fields = new Set<string>();
  for (const expression of expressionsOf(steps)) {
    for (const field of triggerFieldsOf([expression])) fields.add(field);
    await setImmediate();
  }
  return [...fields].sort();
}
