import type { Org, Row } from '../../core/org.js';
import type { User } from '../../core/types.js';
import { rowById, valueOf } from '../record-rows.js';
import { visibleObject } from '../rights.js';
import type { Field, SObject } from '../schema/field.js';
import { fieldOf } from '../schema/objects.js';
import type { Path } from './query-tree.js';
import { noSuchColumn, noSuchRelationship } from './soql-error.js';

/** A path bound to an object that the user may see: the references to walk, then the field. */
export interface BoundPath {
  steps: { reference: Field; object: SObject }[];
  field: Field;
}

export function bindPath(query: string, user: User, object: SObject, path: Path): BoundPath {
  const names =
    path.names[0]?.toLowerCase() === object.name.toLowerCase() && path.names.length > 1
      ? path.names.slice(1)
      : path.names;
  const steps: BoundPath['steps'] = [];
  let here = object;
  for (const name of names.slice(0, -1)) {
    const reference = here.fields.find((field) => field.relationship?.toLowerCase() === name.toLowerCase());
    const target = reference && visibleObject(user, reference.referenceTo[0] ?? '');
    if (!reference || !target) throw noSuchRelationship(query, path.position, name);
    steps.push({ reference, object: target });
    here = target;
  }
  const last = names.at(-1) ?? '';
  const field = fieldOf(here, last);
  if (!field) throw noSuchColumn(query, path.position, last, here.name);
  return { steps, field };
}

export function follow(org: Org, row: Row, path: BoundPath): unknown {
  let here: Row | undefined = row;
  for (const step of path.steps) {
    const id: unknown = here === undefined ? null : valueOf(here, step.reference);
    here = typeof id === 'string' ? rowById(org, step.object, id) : undefined;
  }
  return here === undefined ? null : valueOf(here, path.field);
}

const numeric = new Set(['int', 'double', 'currency']);

/** A value in the form in which two of them compare: times as numbers, text without case. */
export function comparable(field: Field, value: unknown): string | number | boolean | null {
  if (value === null || value === undefined) return null;
  if (field.type === 'datetime') return Date.parse(String(value).replace('+0000', 'Z'));
  if (field.type === 'date') return Date.parse(`${String(value)}T00:00:00Z`);
  if (numeric.has(field.type)) return Number(value);
  if (typeof value === 'boolean') return value;
  return field.type === 'id' || field.type === 'reference' ? String(value) : String(value).toLowerCase();
}
