/** Which fields of the trigger's event a recipe reads: they are asked for first, and their absence is told by name. */
import { parseMapping } from './parse.js';

/** Names right below `trigger`, sorted; of `trigger.Owner.Name` it is `Owner`. An expression that cannot be read reads nothing. */
export function triggerFieldsOf(expressions: Iterable<string>): string[] {
  const fields = new Set<string>();
  for (const expression of expressions) {
    if (!expression.includes('trigger')) continue;
    const parsed = parseMapping(expression);
    if (!parsed.ok) continue;
    for (const reference of parsed.references) {
      const [root, field] = reference.split('.');
      if (root === 'trigger' && field) fields.add(field);
    }
  }
  return [...fields].sort();
}

/** All expressions of a recipe's steps. */
export const expressionsOf = (steps: readonly { input: Record<string, string> }[]): string[] =>
  steps.flatMap(({ input }) => Object.values(input));
