import type { ActionManifest, FieldSchema } from '#connector-sdk/manifest.js';
import { pointerSegment } from '#domain/json-pointer.js';
import { parseMapping } from '#mapping/parse.js';
import { constantIn, unfitConstant } from './check-value.js';
import type { RecipeFault } from './recipe-fault.js';

/** A step's input: known fields, required ones present, every expression readable and reading only what is there by then. */
export function* checkStepInput(
  base: string,
  action: ActionManifest,
  input: Record<string, string>,
  earlierSteps: ReadonlySet<string>,
): Generator<RecipeFault[]> {
  const known = new Set(action.input.map((field) => field.name));
  const missing = action.input.filter((field) => field.required && !Object.hasOwn(input, field.name));
  yield missing.map((field) => ({
    pointer: `${base}/${field.name}`,
    detail: `The field "${field.name}" (${field.label}) of "${action.name}" is required.`,
  }));
  for (const [name, expression] of Object.entries(input)) {
    const pointer = `${base}/${pointerSegment(name)}`;
    const unknown = {
      pointer,
      detail: `The action "${action.name}" has no field "${name}". It has: ${[...known].join(', ') || 'none'}.`,
    };
    const field = action.input.find((candidate) => candidate.name === name);
    yield known.has(name) || action.openInput
      ? checkMapping(pointer, name, field, expression, earlierSteps)
      : [unknown];
  }
}

function checkMapping(
  pointer: string,
  name: string,
  field: FieldSchema | undefined,
  expression: string,
  earlierSteps: ReadonlySet<string>,
): RecipeFault[] {
  const parsed = parseMapping(expression);
  if (!parsed.ok)
    return [
      {
        pointer,
        detail: `The mapping of "${name}" cannot be read at character ${parsed.position + 1}: ${parsed.message}`,
      },
    ];
  const constant = constantIn(expression);
  const unfitting = field && constant !== undefined ? unfitConstant(field, constant) : null;
  if (unfitting !== null) return [{ pointer, detail: unfitting }];
  for (const reference of parsed.references) {
    const [root, step] = reference.split('.');
    if (root !== 'trigger' && root !== 'steps' && root !== 'job') {
      return [
        {
          pointer,
          detail: `The mapping of "${name}" reads "${reference}", which does not exist. Mappings read trigger, steps and job; a fixed text stands in quotes: "..."`,
        },
      ];
    }
    if (root === 'steps' && step !== undefined && !earlierSteps.has(step)) {
      return [
        { pointer, detail: `The mapping of "${name}" reads the step "${step}", which does not run before this one.` },
      ];
    }
  }
  return [];
}
