import { account } from './account.js';
import type { Field, SObject } from './field.js';
import { fieldPermissions, objectPermissions, permissionSetAssignment } from './permission-objects.js';
import { contact, organization, shipment, supportCase, user } from './other-objects.js';

export const sobjects: SObject[] = [
  account,
  supportCase,
  contact,
  fieldPermissions,
  objectPermissions,
  organization,
  permissionSetAssignment,
  shipment,
  user,
];

const byName = new Map(sobjects.map((one) => [one.name.toLowerCase(), one]));

/** Names of objects and fields are not case sensitive in the API. */
export function sobject(name: string): SObject | undefined {
  return byName.get(name.toLowerCase());
}

export function fieldOf(object: SObject, name: string): Field | undefined {
  const wanted = name.toLowerCase();
  return object.fields.find((one) => one.name.toLowerCase() === wanted);
}

export function objectOfId(id: string): SObject | undefined {
  return sobjects.find((one) => one.keyPrefix === id.slice(0, 3));
}
