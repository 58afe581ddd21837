/** Design-time metadata: objects, their fields, picklists (README.md, "Metadata"). What the user may not see is simply absent. */
import type { AppContext, ObjectSchema, ObjectSummary } from '#connector-sdk/connector.js';
import { readAnswer } from '#connector-sdk/read-answer.js';
import { HawserError } from '#domain/errors.js';
import { describeObject } from './describe.js';
import { endpoints } from './endpoints.js';
import { globalDescribeSchema, type Describe, type DescribedField } from './guards.js';
import { controllingIndex, isValidFor } from './valid-for.js';

/** The objects that the user sees and can query. */
export async function objects(context: AppContext): Promise<ObjectSummary[]> {
  const response = await context.call({ method: 'GET', path: endpoints.objects, longAnswer: true });
  const { sobjects } = readAnswer(globalDescribeSchema, response, 'list of objects');
  return sobjects.filter(({ queryable }) => queryable).map(summary);
}

/** One object with its fields. */
export async function object(context: AppContext, name: string): Promise<ObjectSchema> {
  const description = await describeObject(context, name);
  return { ...summary(description), fields: description.fields.map(fieldOf) };
}

/** Picklists of the manifest: `objects`, and `picklist_values` of a field, by `controllingValue` where it depends on another. */
export async function picklist(
  context: AppContext,
  name: string,
  parameters: Record<string, string>,
): Promise<{ value: string; label: string }[]> {
  if (name === 'objects') return (await objects(context)).map(({ name: value, label }) => ({ value, label }));
  if (name !== 'picklist_values') throw new HawserError('not_found', `Salesforce has no picklist "${name}".`);
  const { object: objectName, field: fieldName, controllingValue } = parameters;
  if (!objectName)
    throw new HawserError('request_invalid', 'The parameter "object" is missing.', { pointer: '/object' });
  const description = await describeObject(context, objectName);
  const field = description.fields.find((candidate) => candidate.name === fieldName);
  if (!field)
    throw new HawserError(
      'not_found',
      `The object ${objectName} has no field "${fieldName ?? ''}" that the connected user sees.`,
    );
  const values = field.picklistValues.filter(({ active }) => active);
  const valid = controllingValue ? values.filter(dependsOn(description, field, controllingValue)) : values;
  return valid.map(({ value, label }) => ({ value, label: label ?? value }));
}

function dependsOn(
  description: Describe,
  field: DescribedField,
  controllingValue: string,
): (value: { validFor?: string | null }) => boolean {
  const controller = field.dependentPicklist
    ? description.fields.find(({ name }) => name === field.controllerName)
    : undefined;
  if (!controller) return () => true;
  const index = controllingIndex(controller, controllingValue);
  return ({ validFor }) => index !== null && typeof validFor === 'string' && isValidFor(validFor, index);
}

function summary({ name, label, custom, createable, updateable }: ObjectSummary): ObjectSummary {
  return { name, label, custom, createable, updateable };
}

function fieldOf(field: DescribedField): ObjectSchema['fields'][number] {
  const { name, label, type, custom, createable, updateable, nillable, defaultedOnCreate, picklistValues } = field;
  const options = picklistValues
    .filter(({ active }) => active)
    .map(({ value, label: text }) => ({ value, label: text ?? value }));
  return {
    name,
    label,
    type,
    required: createable && !nillable && !defaultedOnCreate,
    custom,
    createable,
    updateable,
    ...(options.length > 0 ? { picklist: options } : {}),
  };
}
