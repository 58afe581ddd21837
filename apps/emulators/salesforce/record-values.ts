import type { Org, Row } from '../core/org.js';
import type { User } from '../core/types.js';
import { SalesforceError } from './api-error.js';
import { normalId } from './ids.js';
import { rowById, rowsWith } from './record-rows.js';
import { mayEditField } from './rights.js';
import type { Field, SObject } from './schema/field.js';
import { fieldOf, objectOfId, sobject } from './schema/objects.js';
import { parseTime, wireTime } from './wire-time.js';

/** `plant`: a creation past the limits of its fields (control API). */
export type Mode = 'create' | 'update' | 'plant';

/** Reads the body of a write into values by canonical field name, or throws the 400s of saas-apis 2.4. `user` null: the control API. */
export function readValues(org: Org, user: User | null, object: SObject, body: Row, mode: Mode): Row {
  const values: Row = {};
  const closed: string[] = [];
  for (const [name, given] of Object.entries(body)) {
    if (name === 'attributes') continue;
    const field = fieldOf(object, name);
    if (!field) {
      const bound = byExternalKey(org, object, name, given);
      values[bound.field] = bound.id;
      continue;
    }
    if (user ? !mayEditField(user, object, field) : field.system) closed.push(field.name);
    else values[field.name] = readValue(org, field, given, mode);
  }
  if (closed.length > 0) {
    throw new SalesforceError(
      400,
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      `Unable to create/update fields: ${closed.join(', ')}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`,
      closed,
    );
  }
  requireFields(object, values, mode);
  return values;
}

function requireFields(object: SObject, values: Row, mode: Mode): void {
  const missing = object.fields
    .filter(
      (field) =>
        field.required && (mode === 'update' ? values[field.name] === null : (values[field.name] ?? null) === null),
    )
    .map((field) => field.name);
  if (missing.length > 0)
    throw new SalesforceError(
      400,
      'REQUIRED_FIELD_MISSING',
      `Required fields are missing: [${missing.join(', ')}]`,
      missing,
    );
}

/** `{"Account": {"External_Key__c": "x"}}` sets the reference by the parent's external id. */
function byExternalKey(org: Org, object: SObject, name: string, given: unknown): { field: string; id: unknown } {
  const reference = object.fields.find((field) => field.relationship?.toLowerCase() === name.toLowerCase());
  const target = reference && sobject(reference.referenceTo[0] ?? '');
  const entries =
    typeof given === 'object' && given !== null ? Object.entries(given).filter(([key]) => key !== 'attributes') : [];
  const [key, value] = entries[0] ?? [];
  const field = target && key !== undefined ? fieldOf(target, key) : undefined;
  if (!reference || !target || !field || entries.length !== 1 || !(field.externalId || field.name === 'Id')) {
    throw new SalesforceError(400, 'INVALID_FIELD', `No such column '${name}' on sobject of type ${object.name}`);
  }
  const found = rowsWith(org, target, field.name, value)[0];
  if (!found) {
    const text = `Foreign key external ID: ${String(value)} not found for field ${field.name} in entity ${target.name}`;
    throw new SalesforceError(400, 'INVALID_FIELD', text);
  }
  return { field: reference.name, id: found.Id };
}

function readValue(org: Org, field: Field, given: unknown, mode: Mode): unknown {
  if (given === null || given === undefined || given === '') return null;
  switch (field.type) {
    case 'boolean':
      return typeof given === 'boolean' ? given : wrongType('boolean', given);
    case 'int':
      return Number.isInteger(given) ? given : wrongType('int', given);
    case 'double':
    case 'currency':
      return typeof given === 'number' ? given : wrongType('double', given);
    case 'date':
      return readDate(given);
    case 'datetime':
      return readDatetime(given);
    case 'reference':
      return readReference(org, field, given);
    case 'address':
    case 'email':
    case 'id':
    case 'phone':
    case 'picklist':
    case 'string':
    case 'textarea':
    case 'url':
      return readText(field, given, mode);
  }
}

function readDate(given: unknown): string {
  const day = typeof given === 'string' && /^\d{4}-\d\d-\d\d/.test(given) ? given.slice(0, 10) : '';
  return Number.isNaN(Date.parse(day)) ? wrongType('date', given) : day;
}

function readDatetime(given: unknown): string {
  const at = typeof given === 'string' ? parseTime(given) : Number.NaN;
  return Number.isNaN(at) ? wrongType('datetime', given) : wireTime(at);
}

/** The parser's word for a JSON value. */
function jsonKind(given: unknown): string {
  if (typeof given === 'string') return 'STRING';
  if (typeof given === 'boolean') return given ? 'TRUE' : 'FALSE';
  return Number.isInteger(given) ? 'NUMBER_INT' : 'NUMBER_FLOAT';
}

function wrongType(type: string, given: unknown): never {
  const value = typeof given === 'object' ? 'START_OBJECT' : `VALUE_${jsonKind(given)} value ${String(given)}`;
  const text = `Cannot deserialize instance of ${type} from ${value} or request may be missing a required field at [line:1, column:1]`;
  throw new SalesforceError(400, 'JSON_PARSER_ERROR', text);
}

function readText(field: Field, given: unknown, mode: Mode): string {
  if (typeof given !== 'string') return wrongType('string', given);
  const text = field.type === 'textarea' ? given : given.trim();
  if (mode !== 'plant' && field.length > 0 && text.length > field.length) {
    throw new SalesforceError(
      400,
      'STRING_TOO_LONG',
      `${field.label}: data value too large: ${text} (max length=${field.length})`,
      [field.name],
    );
  }
  if (field.restricted && !field.values.some((value) => value.value === text)) {
    const message = `${field.label}: bad value for restricted picklist field: ${text}`;
    throw new SalesforceError(400, 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', message, [field.name]);
  }
  if (field.type === 'email' && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text)) {
    throw new SalesforceError(400, 'INVALID_EMAIL_ADDRESS', `${field.label}: invalid email address: ${text}`, [
      field.name,
    ]);
  }
  return text;
}

function readReference(org: Org, field: Field, given: unknown): string {
  const id = normalId(given);
  const object = id && objectOfId(id);
  if (!id || !object || !field.referenceTo.includes(object.name)) {
    throw new SalesforceError(400, 'MALFORMED_ID', `${field.label}: id value of incorrect type: ${String(given)}`, [
      field.name,
    ]);
  }
  const row = rowById(org, object, id);
  if (row?.IsDeleted === true) throw new SalesforceError(400, 'ENTITY_IS_DELETED', 'entity is deleted', [field.name]);
  if (!row) {
    throw new SalesforceError(
      400,
      'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY',
      'insufficient access rights on cross-reference id',
      [field.name],
    );
  }
  return id;
}
