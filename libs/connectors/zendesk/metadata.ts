/** Design-time metadata: objects, their standard and custom fields, picklists (README.md, "Metadata"). */
import type { AppContext, ObjectSchema, ObjectSummary } from '#connector-sdk/connector.js';
import { HawserError } from '#domain/errors.js';
import { endpoints } from './endpoints.js';
import { customFieldsSchema, type CustomField } from './guards.js';
import { OBJECTS, STANDARD_FIELDS } from './object-schemas.js';
import { readList } from './read-list.js';

/** The same for every account. */
export async function objects(): Promise<ObjectSummary[]> {
  return [...OBJECTS];
}

/** One object with its standard and active custom fields. Custom fields are named by their place: `organization_fields.tier`. */
export async function object(context: AppContext, name: string): Promise<ObjectSchema> {
  const summary = OBJECTS.find((one) => one.name === name);
  if (!summary) throw new HawserError('not_found', `Zendesk has no object "${name}".`);
  const custom = await customFields(context, name);
  return { ...summary, fields: [...(STANDARD_FIELDS[name] ?? []), ...custom] };
}

/** `organization_field_options`: the options of a drop-down or multi-select field; the value is the tag that is stored. */
export async function picklist(
  context: AppContext,
  name: string,
  parameters: Record<string, string>,
): Promise<{ value: string; label: string }[]> {
  if (name !== 'organization_field_options') throw new HawserError('not_found', `Zendesk has no picklist "${name}".`);
  const { field: key } = parameters;
  if (!key) throw new HawserError('request_invalid', 'The parameter "field" is missing.', { pointer: '/field' });
  const field = (await organizationFields(context)).find((one) => one.key === key);
  if (!field) throw new HawserError('not_found', `The account has no organization field "${key}".`);
  return optionsOf(field);
}

async function customFields(context: AppContext, name: string): Promise<ObjectSchema['fields']> {
  if (name === 'organization')
    return (await organizationFields(context)).map((one) => shown(one, `organization_fields.${one.key ?? one.id}`));
  if (name === 'user') {
    const fields = await readList(context, {
      path: endpoints.userFields,
      requirement: 'users:read',
      what: 'list of user fields',
      name: 'user_fields',
      schema: customFieldsSchema,
    });
    return active(fields).map((one) => shown(one, `user_fields.${one.key ?? one.id}`));
  }
  const fields = await readList(context, {
    path: endpoints.ticketFields,
    requirement: 'tickets:read',
    what: 'list of ticket fields',
    name: 'ticket_fields',
    schema: customFieldsSchema,
  });
  // Standard fields stand in this list too; only custom ones may have options of their own.
  return active(fields)
    .filter(({ custom_field_options: options, type }) => options || CUSTOM_TICKET_TYPES.has(type))
    .map((one) => shown(one, `custom_fields.${one.id}`));
}

const CUSTOM_TICKET_TYPES = new Set([
  'text',
  'textarea',
  'checkbox',
  'date',
  'integer',
  'decimal',
  'regexp',
  'tagger',
  'multiselect',
  'lookup',
]);

async function organizationFields(context: AppContext): Promise<CustomField[]> {
  const fields = await readList(context, {
    path: endpoints.organizationFields,
    requirement: 'organizations:read',
    what: 'list of organization fields',
    name: 'organization_fields',
    schema: customFieldsSchema,
  });
  return active(fields);
}

const active = (fields: CustomField[]): CustomField[] => fields.filter((one) => one.active);

/** A map, not an object: the key is the app's word. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['checkbox', 'boolean'],
  ['integer', 'number'],
  ['decimal', 'number'],
  ['date', 'datetime'],
  ['multiselect', 'array'],
]);

function shown(field: CustomField, name: string): ObjectSchema['fields'][number] {
  const options = optionsOf(field);
  return {
    name,
    label: field.title,
    type: TYPES.get(field.type) ?? 'string',
    required: field.required ?? false,
    custom: true,
    createable: true,
    updateable: true,
    ...(options.length > 0 ? { picklist: options } : {}),
  };
}

function optionsOf(field: CustomField): { value: string; label: string }[] {
  return (field.custom_field_options ?? []).map(({ name: label, value }) => ({ value, label }));
}
