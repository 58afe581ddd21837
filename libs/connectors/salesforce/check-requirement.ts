/** Whether the connected user has a right, by the descriptions of objects and fields. */
import { parseRequirement } from '#connector-sdk/requirement-key.js';
import type { Describe } from './guards.js';

const OBJECT_RIGHT = { read: 'queryable', create: 'createable', edit: 'updateable', delete: 'deletable' } as const;

export type Described = (object: string) => Promise<Describe | null>;

/** Null when the right is there; else a sentence that names object and right. */
export async function checkRequirement(key: string, described: Described): Promise<string | null> {
  const parts = parseRequirement(key);
  if (!parts) return `"${key}" is no requirement that Salesforce knows.`;
  const [object = '', field] = parts.object.split('.');
  const description = await described(object);
  if (!description)
    return `The connected user does not see the object ${object}. Give its profile or a permission set the right to read it.`;
  return field === undefined
    ? objectRight(object, parts.right, description)
    : fieldRight(object, field, parts.right, description);
}

function objectRight(object: string, right: string, description: Describe): string | null {
  if (!Object.hasOwn(OBJECT_RIGHT, right)) return `"${right}" is no right that Salesforce knows for objects.`;
  const has = description[OBJECT_RIGHT[right as keyof typeof OBJECT_RIGHT]];
  return has
    ? null
    : `The connected user may not ${right} records of the object ${object}. Give its profile or a permission set that right.`;
}

function fieldRight(object: string, field: string, right: string, description: Describe): string | null {
  const found = description.fields.find(({ name }) => name.toLowerCase() === field.toLowerCase());
  if (!found) return `The connected user does not see the field ${field} of the object ${object}, or there is none.`;
  // Queries do not mind the case of a name, but what reads the answer does.
  if (right === 'read' && found.name !== field)
    return `The object ${object} has no field ${field}; it is written ${found.name}.`;
  const has = right === 'read' || found.updateable || found.createable;
  return has
    ? null
    : `The connected user may not ${right} the field ${field} of the object ${object} (field-level security).`;
}
