/** Is a recipe sound? Pure: what is wrong, each with a JSON pointer into the request body. */
import type { ConnectorManifest } from '#connector-sdk/manifest.js';
import type { RecipeBindings, RecipeDefinition } from '#domain/recipe.js';
import { checkStepInput } from './check-step-input.js';
import { checkTriggerInput } from './check-trigger-input.js';
import type { RecipeFault } from './recipe-fault.js';

/** What the check must know of the world. */
export interface RecipeWorld {
  findManifest(app: string): ConnectorManifest | null;
  /** App of a connection of the workspace that is not deleted; null when there is none of that id. */
  appOf(connectionId: string): string | null;
}

/** Every fault of a recipe; nothing = sound. Piece by piece, a mapping at a time: whoever asks may let others in between. */
export function* checkRecipe(
  definition: RecipeDefinition,
  bindings: RecipeBindings,
  world: RecipeWorld,
): Generator<RecipeFault[]> {
  yield checkBindings(bindings, world);
  yield checkTrigger(definition, bindings, world);
  yield* checkSteps(definition, bindings, world);
}

function checkBindings(bindings: RecipeBindings, world: RecipeWorld): RecipeFault[] {
  const entries = Object.entries(bindings);
  if (entries.length === 0)
    return [
      {
        pointer: '/bindings',
        detail: 'The recipe binds nothing: name an app for each binding that its trigger and steps use.',
      },
    ];
  return entries.flatMap(([name, { app, connectionId }]) => {
    const manifest = world.findManifest(app);
    if (!manifest)
      return [{ pointer: `/bindings/${name}/app`, detail: `There is no app "${app}". GET /v1/connectors lists them.` }];
    if (connectionId === null) return [];
    const bound = world.appOf(connectionId);
    const pointer = `/bindings/${name}/connectionId`;
    if (bound === null) return [{ pointer, detail: `There is no connection "${connectionId}" in this workspace.` }];
    return bound === app
      ? []
      : [
          {
            pointer,
            detail: `The connection "${connectionId}" is one of ${bound}, but the binding "${name}" is for ${app}.`,
          },
        ];
  });
}

function checkTrigger({ trigger }: RecipeDefinition, bindings: RecipeBindings, world: RecipeWorld): RecipeFault[] {
  const manifest = manifestOf(trigger.binding, bindings, world);
  if (typeof manifest === 'string') return [{ pointer: '/definition/trigger/binding', detail: manifest }];
  if (manifest === null) return [];
  const operation = manifest.triggers.find(({ name }) => name === trigger.operation);
  if (!operation) {
    return [
      {
        pointer: '/definition/trigger/operation',
        detail: `The operation is not known: ${manifest.name} has no trigger "${trigger.operation}". It has: ${list(manifest.triggers)}.`,
      },
    ];
  }
  return checkTriggerInput(operation, trigger.input);
}

function* checkSteps(
  { steps }: RecipeDefinition,
  bindings: RecipeBindings,
  world: RecipeWorld,
): Generator<RecipeFault[]> {
  const earlier = new Set<string>();
  for (const [index, step] of steps.entries()) {
    const base = `/definition/steps/${index}`;
    if (earlier.has(step.id)) yield [{ pointer: `${base}/id`, detail: `Two steps have the id "${step.id}".` }];
    const manifest = manifestOf(step.binding, bindings, world);
    if (typeof manifest === 'string') yield [{ pointer: `${base}/binding`, detail: manifest }];
    else if (manifest !== null) {
      const operation = manifest.actions.find(({ name }) => name === step.operation);
      const detail = `The operation is not known: ${manifest.name} has no action "${step.operation}". It has: ${list(manifest.actions)}.`;
      if (operation) yield* checkStepInput(`${base}/input`, operation, step.input, earlier);
      else yield [{ pointer: `${base}/operation`, detail }];
    }
    earlier.add(step.id);
  }
}

/** The manifest behind a binding; a text when the binding is unknown; null when its app is (told at the binding itself). */
function manifestOf(binding: string, bindings: RecipeBindings, world: RecipeWorld): ConnectorManifest | string | null {
  const bound = Object.hasOwn(bindings, binding) ? bindings[binding] : undefined;
  return bound
    ? world.findManifest(bound.app)
    : `The recipe has no binding "${binding}". It has: ${Object.keys(bindings).join(', ') || 'none'}.`;
}

function list(operations: { name: string }[]): string {
  return operations.map(({ name }) => name).join(', ') || 'none';
}
