import { expressionsOf, triggerFieldsOf } from '#mapping/trigger-fields.js';
import type { RecipeState } from '#workflows/recipe/messages.js';

const KEPT = 500;
/** By recipe and version: a poll asks each few seconds, and expressions take time to parse. */
const known = new Map<string, string[]>();

/** What the recipe's steps read of an event. */
export function wishedFields({ recipeId, version, definition }: RecipeState): string[] {
  const key = `${recipeId}/${version}`;
  const before = known.get(key);
  if (before) return before;
  const fields = triggerFieldsOf(expressionsOf(definition.steps));
  known.set(key, fields);
  for (const oldest of known.keys()) {
    if (known.size <= KEPT) break;
    known.delete(oldest);
  }
  return fields;
}
