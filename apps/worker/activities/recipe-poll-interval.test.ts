import { RecipeDefinitionSchema } from '#contract/recipes/recipe-shape.js';
import { salesforceManifest } from '#connectors/salesforce/manifest.js';
import { bornRecipe } from '#workflows/recipe/messages.js';
import { intervalOf } from './recipe-poll.js';

const trigger = { binding: 'crm', operation: 'new_or_updated_account', input: {} };
const steps = [{ id: 'one', binding: 'crm', operation: 'create_record', input: {} }];
const bindings = { crm: { app: 'salesforce', connectionId: null } };
const deps = { calls: { caller: { findManifest: () => salesforceManifest } } } as unknown as Parameters<
  typeof intervalOf
>[0];

test.each([
  [undefined, 5_000],
  [1, 1_000],
  [3_600, 3_600_000],
])('g33: intervalSeconds %p of a trigger is %d ms between two looks', (intervalSeconds, expected) => {
  const definition = RecipeDefinitionSchema.parse({ trigger: { ...trigger, intervalSeconds }, steps });
  const state = bornRecipe({ workspaceId: 'w', recipeId: 'r', name: 'n', version: 1, definition, bindings, at: 1 });
  expect(intervalOf(deps, state)).toBe(expected);
});

test.each([0, -1, 1.5, 86_401, '60'])('g33: %p is no interval', (intervalSeconds) => {
  expect(RecipeDefinitionSchema.safeParse({ trigger: { ...trigger, intervalSeconds }, steps }).success).toBe(false);
});
