import type { Org, Row } from '../core/org.js';
import type { User } from '../core/types.js';
import { orgId } from './ids.js';
import { permissionRows } from './permission-rows.js';
import type { Field, SObject } from './schema/field.js';
import { wireTime } from './wire-time.js';

/** All rows of an object, deleted ones included, oldest first. */
export function rowsOf(org: Org, object: SObject): Row[] {
  if (object.name === 'User') return org.users.values().map((user) => userRow(user));
  if (object.name === 'Organization') return [organizationRow(org)];
  if (!object.writable) return permissionRows(org, object) ?? [];
  return org.records(object.name).values();
}

export function rowById(org: Org, object: SObject, id: string): Row | undefined {
  if (!object.writable) return rowsOf(org, object).find((row) => row.Id === id);
  return org.records(object.name).get(id);
}

/** Living rows with this value in a field, compared without case, as external ids and unique fields are. */
export function rowsWith(org: Org, object: SObject, field: string, value: unknown): Row[] {
  if (value === null || value === undefined) return [];
  const keyOf = (row: Row): string | undefined =>
    row.IsDeleted === true || row[field] === null || row[field] === undefined
      ? undefined
      : String(row[field]).toLowerCase();
  const wanted = String(value).toLowerCase();
  if (!object.writable) return rowsOf(org, object).filter((row) => keyOf(row) === wanted);
  return org.records(object.name).where(field, keyOf, wanted);
}

/** A field's value as it is kept: booleans are never null, a compound field is made of its parts. */
export function valueOf(row: Row, field: Field): unknown {
  if (field.parts) return compound(row, field.parts);
  return row[field.name] ?? (field.type === 'boolean' ? false : null);
}

function compound(row: Row, parts: Record<string, string>): Row | null {
  const values = Object.entries(parts).map(([part, name]): [string, unknown] => [part, row[name] ?? null]);
  if (values.every(([, value]) => value === null)) return null;
  return { ...Object.fromEntries(values), geocodeAccuracy: null, latitude: null, longitude: null };
}

function stamps(user: { id: string; createdAt: number }): Row {
  const at = wireTime(user.createdAt);
  return {
    IsDeleted: false,
    CreatedDate: at,
    CreatedById: user.id,
    LastModifiedDate: at,
    LastModifiedById: user.id,
    SystemModstamp: at,
  };
}

function userRow(user: User): Row {
  const parts = user.name.split(' ');
  return {
    Id: user.id,
    Username: user.username,
    LastName: parts.at(-1),
    FirstName: parts.length > 1 ? parts[0] : null,
    Name: user.name,
    Email: user.email,
    Alias: user.username.slice(0, 8),
    IsActive: user.active,
    UserType: 'Standard',
    TimeZoneSidKey: 'Europe/Berlin',
    LocaleSidKey: 'en_US',
    LanguageLocaleKey: 'en_US',
    ...stamps(user),
  };
}

function organizationRow(org: Org): Row {
  const first = org.users.values()[0] ?? { id: '', createdAt: 0 };
  return {
    Id: orgId(org),
    Name: 'Hawser Dev',
    OrganizationType: 'Developer Edition',
    InstanceName: org.name === 'production' ? 'EU42' : 'EU43S',
    IsSandbox: org.name === 'sandbox',
    NamespacePrefix: null,
    LanguageLocaleKey: 'en_US',
    TimeZoneSidKey: 'Europe/Berlin',
    ...stamps(first),
  };
}
