import type { Org, Row } from '../core/org.js';
import type { User } from '../core/types.js';
import { notFound, SalesforceError } from './api-error.js';
import { makeId, normalId } from './ids.js';
import { readValues } from './record-values.js';
import { rowById, rowsWith } from './record-rows.js';
import { objectRights } from './rights.js';
import type { SObject } from './schema/field.js';
import { fieldOf } from './schema/objects.js';
import { wireTime } from './wire-time.js';

/** Who writes: a user with rights, or null for the control API and the seed. */
export type Writer = User | null;

function writerId(org: Org, writer: Writer): string {
  return (writer ?? org.users.values()[0])?.id ?? '';
}

export const createRecord = (org: Org, writer: Writer, object: SObject, body: Row): Row =>
  insert(org, writer, object, body, { mode: 'create', at: wireTime(org.now()) });

/**
 * Rows that a bulk load has committed at one moment: they share their stamps. A field may be longer than it can be: it stands for the many
 * long text areas that an org may have.
 */
export function plantRecords(org: Org, object: SObject, bodies: Row[]): Row[] {
  const at = wireTime(org.now());
  return bodies.map((body) => insert(org, null, object, body, { mode: 'plant', at }));
}

function insert(
  org: Org,
  writer: Writer,
  object: SObject,
  body: Row,
  { mode, at }: { mode: 'create' | 'plant'; at: string },
): Row {
  if (!object.writable || (writer && !objectRights(writer, object).create)) {
    throw new SalesforceError(
      400,
      'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
      `entity type cannot be inserted: ${object.label}`,
      [],
    );
  }
  if (body.Id !== undefined && body.Id !== null) {
    throw new SalesforceError(400, 'INVALID_FIELD_FOR_INSERT_UPDATE', 'cannot specify Id in an insert call', ['Id']);
  }
  const values = readValues(org, writer, object, body, mode);
  refuseDuplicates(org, object, values, undefined);
  const by = writerId(org, writer);
  const row: Row = {
    Id: makeId(object.keyPrefix, org),
    IsDeleted: false,
    ...defaults(object),
    ...values,
    OwnerId: values.OwnerId ?? by,
    CreatedDate: at,
    CreatedById: by,
    LastModifiedDate: at,
    LastModifiedById: by,
    SystemModstamp: at,
  };
  if (object.name === 'Case') row.CaseNumber = String(1_000 + org.nextNumber('caseNumber')).padStart(8, '0');
  return org.records(object.name).set(String(row.Id), derived(object, row, at));
}

function defaults(object: SObject): Row {
  const pairs = object.fields.flatMap((field) => {
    const value = field.values.find((one) => one.isDefault)?.value;
    return value === undefined ? [] : [[field.name, value] as const];
  });
  return Object.fromEntries(pairs);
}

/** Fields that the app computes. */
function derived(object: SObject, row: Row, at: string): Row {
  if (object.name === 'Contact') return { ...row, Name: [row.FirstName, row.LastName].filter(Boolean).join(' ') };
  if (object.name !== 'Case') return row;
  const closed = row.Status === 'Closed';
  return { ...row, IsClosed: closed, ClosedDate: closed ? (row.ClosedDate ?? at) : null };
}

export function updateRecord(org: Org, writer: Writer, object: SObject, id: string, body: Row): Row {
  const old = requireRow(org, object, id);
  if (!object.writable || (writer && !objectRights(writer, object).edit)) throw noAccess();
  const values = readValues(org, writer, object, body, 'update');
  refuseDuplicates(org, object, values, String(old.Id));
  const at = wireTime(org.now());
  const row = { ...old, ...values, LastModifiedDate: at, LastModifiedById: writerId(org, writer), SystemModstamp: at };
  return org.records(object.name).set(String(old.Id), derived(object, row, at));
}

export function deleteRecord(org: Org, writer: Writer, object: SObject, id: string): Row {
  const old = requireRow(org, object, id);
  if (!object.writable || (writer && !objectRights(writer, object).delete)) throw noAccess();
  const at = wireTime(org.now());
  return org
    .records(object.name)
    .set(String(old.Id), { ...old, IsDeleted: true, LastModifiedDate: at, SystemModstamp: at });
}

function noAccess(): SalesforceError {
  return new SalesforceError(400, 'INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id', []);
}

/** The living row to write to. */
function requireRow(org: Org, object: SObject, given: string): Row {
  const row = findRow(org, object, given);
  if (row.IsDeleted === true) throw new SalesforceError(404, 'ENTITY_IS_DELETED', 'entity is deleted', []);
  return row;
}

/** The row of an id in a path, deleted or not. */
export function findRow(org: Org, object: SObject, given: string): Row {
  const id = normalId(given);
  if (!id) throw notFound(`Provided external ID field does not exist or is not accessible: ${given}`);
  if (!id.startsWith(object.keyPrefix)) throw notFound();
  const row = rowById(org, object, id);
  if (!row) throw notFound();
  return row;
}

function refuseDuplicates(org: Org, object: SObject, values: Row, ownId: string | undefined): void {
  for (const field of object.fields) {
    const value = values[field.name];
    if (!field.unique || value === null || value === undefined) continue;
    const other = rowsWith(org, object, field.name, value).find((row) => row.Id !== ownId);
    if (other) {
      const text = `duplicate value found: ${field.name} duplicates value on record with id: ${String(other.Id)}`;
      throw new SalesforceError(400, 'DUPLICATE_VALUE', text, []);
    }
  }
}

/** Living rows with this external key; throws when the field is no external id that the object has (saas-apis 2.4). */
export function rowsByKey(org: Org, object: SObject, fieldName: string, key: string): Row[] {
  const field = fieldOf(object, fieldName);
  if (!field || !(field.externalId || field.name === 'Id')) {
    throw notFound(`Provided external ID field does not exist or is not accessible: ${fieldName}`);
  }
  if (field.name !== 'Id') return rowsWith(org, object, field.name, key);
  const row = rowById(org, object, normalId(key) ?? '');
  return row && row.IsDeleted !== true ? [row] : [];
}
