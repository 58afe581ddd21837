import type { Org, Row } from '../core/org.js';
import { notFound, SalesforceError } from './api-error.js';
import { createRecord, rowsByKey, updateRecord, type Writer } from './record-store.js';
import type { SObject } from './schema/field.js';
import { fieldOf } from './schema/objects.js';

export interface Upserted {
  id: string;
  created: boolean;
}

export interface Ambiguous {
  ids: string[];
}

export interface UpsertWish {
  field: string;
  key: string;
  body: Row;
  updateOnly: boolean;
}

/** Create or update by external id (saas-apis 2.6): the key stands in the address and must not be repeated in the body. */
export function upsertRecord(org: Org, writer: Writer, object: SObject, wish: UpsertWish): Upserted | Ambiguous {
  const found = rowsByKey(org, object, wish.field, wish.key);
  const field = fieldOf(object, wish.field);
  for (const name of [field?.name ?? wish.field, 'Id']) {
    if (Object.keys(wish.body).some((key) => key.toLowerCase() === name.toLowerCase())) {
      throw new SalesforceError(400, 'INVALID_FIELD', `The ${name} field should not be specified in the sobject data.`);
    }
  }
  if (found.length > 1) return { ids: found.map((row) => String(row.Id)) };
  const only = found[0];
  if (only) return { id: String(updateRecord(org, writer, object, String(only.Id), wish.body).Id), created: false };
  if (wish.updateOnly || !field || field.name === 'Id') throw notFound();
  return { id: String(createRecord(org, writer, object, { ...wish.body, [field.name]: wish.key }).Id), created: true };
}
