/** What a recipe needs of each bound connection: the union over its trigger and steps. */
import type { ConnectorManifest } from '#connector-sdk/manifest.js';
import { requirementKey } from '#connector-sdk/requirement-key.js';
import type { RecipeBindings, RecipeDefinition } from '#domain/recipe.js';

/**
 * Connection id -> sorted requirement keys. Only bindings that are used and bound appear.
 * `triggerFields`: what the steps read of the trigger's event; the connected user must see these.
 */
export function requirementsOf(
  definition: RecipeDefinition,
  bindings: RecipeBindings,
  findManifest: (app: string) => ConnectorManifest | null,
  triggerFields: readonly string[] = [],
): Map<string, string[]> {
  const needed = new Map<string, Set<string>>();
  const add = (
    binding: string,
    operationsOf: (manifest: ConnectorManifest) => { name: string; requirements: string[]; eventObject?: string }[],
    operation: string,
  ): void => {
    const bound = bindings[binding];
    const manifest = bound ? findManifest(bound.app) : null;
    if (!bound?.connectionId || !manifest) return;
    const keys = needed.get(bound.connectionId) ?? new Set<string>();
    const found = operationsOf(manifest).find(({ name }) => name === operation);
    for (const key of found?.requirements ?? []) keys.add(key);
    if (found?.eventObject !== undefined)
      for (const field of triggerFields) keys.add(requirementKey(`${found.eventObject}.${field}`, 'read'));
    needed.set(bound.connectionId, keys);
  };
  add(definition.trigger.binding, (manifest) => manifest.triggers, definition.trigger.operation);
  for (const step of definition.steps) add(step.binding, (manifest) => manifest.actions, step.operation);
  return new Map([...needed].map(([connectionId, keys]) => [connectionId, [...keys].sort()]));
}

/** Names of the bindings that trigger and steps use. */
export function usedBindings(definition: RecipeDefinition): string[] {
  return [...new Set([definition.trigger.binding, ...definition.steps.map((step) => step.binding)])];
}
