import type { FieldSchema, TriggerManifest } from '#connector-sdk/manifest.js';
import { pointerSegment } from '#domain/json-pointer.js';
import { unfit } from './check-value.js';
import type { RecipeFault } from './recipe-fault.js';

/** The trigger's input holds plain values: known fields, right types, required ones present. */
export function checkTriggerInput(trigger: TriggerManifest, input: Record<string, unknown>): RecipeFault[] {
  const base = '/definition/trigger/input';
  const unknown = Object.keys(input).filter((name) => !trigger.input.some((field) => field.name === name));
  return [
    ...unknown.map((name) => ({
      pointer: `${base}/${pointerSegment(name)}`,
      detail: `The trigger "${trigger.name}" has no field "${name}". It has: ${trigger.input.map((field) => field.name).join(', ') || 'none'}.`,
    })),
    ...trigger.input.flatMap((field) =>
      checkValue(`${base}/${field.name}`, field, Object.hasOwn(input, field.name) ? input[field.name] : undefined),
    ),
  ];
}

function checkValue(pointer: string, field: FieldSchema, value: unknown): RecipeFault[] {
  if (value === undefined || value === null || (typeof value === 'string' && value.trim() === '')) {
    return field.required ? [{ pointer, detail: `The field "${field.name}" (${field.label}) is required.` }] : [];
  }
  const detail = unfit(field, value);
  return detail === null ? [] : [{ pointer, detail }];
}
