import type { Org, Row } from '../core/org.js';
import type { ObjectRights, User } from '../core/types.js';
import { withSuffix } from './ids.js';
import type { SObject } from './schema/field.js';
import { sobjects } from './schema/objects.js';

const all: ObjectRights = { read: true, create: true, edit: true, delete: true, fields: {} };

/** Ids of rows that are computed: the tail of the user's id, and a number for the object and field. */
function idFor(prefix: string, user: User, n: number): string {
  return withSuffix(prefix + user.id.slice(3, 12) + n.toString(36).toUpperCase().padStart(3, '0'));
}

function permissionSetId(user: User): string {
  return withSuffix(`0PS${user.id.slice(3, 15)}`);
}

function objectRow(user: User, object: SObject, n: number): Row[] {
  const rights = user.rights[object.name] ?? all;
  if (!object.writable || !rights.read) return [];
  return [
    {
      Id: idFor('110', user, n),
      ParentId: permissionSetId(user),
      SobjectType: object.name,
      PermissionsRead: rights.read,
      PermissionsCreate: rights.create,
      PermissionsEdit: rights.edit,
      PermissionsDelete: rights.delete,
      PermissionsViewAllRecords: true,
      PermissionsModifyAllRecords: rights.edit && rights.delete,
    },
  ];
}

function fieldRows(user: User, object: SObject, n: number): Row[] {
  const rights = user.rights[object.name] ?? all;
  if (!object.writable || !rights.read) return [];
  // Required and system fields carry no permission of their own.
  const open = object.fields.filter((field) => !field.required && !field.system && field.name !== 'OwnerId');
  return open.flatMap((field, i) => {
    const right = rights.fields[field.name] ?? { read: true, edit: true };
    if (!right.read) return [];
    return [
      {
        Id: idFor('01k', user, n * 100 + i),
        ParentId: permissionSetId(user),
        SobjectType: object.name,
        Field: `${object.name}.${field.name}`,
        PermissionsRead: right.read,
        PermissionsEdit: right.edit,
      },
    ];
  });
}

/** Rows of the permission objects; undefined for any other object. */
export function permissionRows(org: Org, object: SObject): Row[] | undefined {
  const users = org.users.values();
  if (object.name === 'PermissionSetAssignment') {
    return users.map((user) => ({
      Id: idFor('0Pa', user, 0),
      AssigneeId: user.id,
      PermissionSetId: permissionSetId(user),
    }));
  }
  if (object.name === 'ObjectPermissions')
    return users.flatMap((user) => sobjects.flatMap((one, n) => objectRow(user, one, n)));
  if (object.name === 'FieldPermissions')
    return users.flatMap((user) => sobjects.flatMap((one, n) => fieldRows(user, one, n)));
  return undefined;
}
