import type { Org } from '../core/org.js';
import type { ObjectRights, User } from '../core/types.js';
import type { Field, SObject } from './schema/field.js';
import { fieldOf, sobject, sobjects } from './schema/objects.js';

const all: ObjectRights = { read: true, create: true, edit: true, delete: true, fields: {} };

export function objectRights(user: User, object: SObject): ObjectRights {
  return user.rights[object.name] ?? all;
}

/** The object as the user sees it: undefined when hidden. Hidden fields are simply absent (saas-apis 2.5). */
export function visibleObject(user: User, name: string): SObject | undefined {
  const object = sobject(name);
  if (!object || !objectRights(user, object).read) return undefined;
  const hidden = Object.entries(objectRights(user, object).fields).filter(([, right]) => !right.read);
  if (hidden.length === 0) return object;
  const names = new Set(hidden.map(([field]) => field));
  return { ...object, fields: object.fields.filter((field) => !names.has(field.name)) };
}

export function visibleObjects(user: User): SObject[] {
  return sobjects.flatMap((object) => visibleObject(user, object.name) ?? []);
}

export function mayEditField(user: User, object: SObject, field: Field): boolean {
  return !field.system && (objectRights(user, object).fields[field.name]?.edit ?? true);
}

export interface RightsChange {
  username: string;
  object: string;
  field?: string;
  read?: boolean;
  create?: boolean;
  edit?: boolean;
  delete?: boolean;
}

/** Takes or gives back rights; answers what was wrong with the wish otherwise. */
export function changeRights(org: Org, change: RightsChange): string | undefined {
  const user = org.users.get(change.username);
  if (!user) return `no user ${change.username}`;
  const object = sobject(change.object);
  if (!object) return `no object ${change.object}`;
  const rights = structuredClone(objectRights(user, object));
  if (change.field === undefined) {
    for (const name of ['read', 'create', 'edit', 'delete'] as const)
      if (change[name] !== undefined) rights[name] = change[name];
  } else {
    const field = fieldOf(object, change.field);
    if (!field) return `no field ${change.field} on ${object.name}`;
    const old = rights.fields[field.name] ?? { read: true, edit: true };
    const read = change.read ?? old.read;
    // A field that may not be read cannot be edited either.
    rights.fields[field.name] = { read, edit: read && (change.edit ?? (change.read === true ? true : old.edit)) };
  }
  org.users.set(user.username, { ...user, rights: { ...user.rights, [object.name]: rights } });
  return undefined;
}
