/** Guards of what mappings give to the actions. Names go into addresses: they are checked, and encoded besides. */
import { z } from 'zod';
import { exactKey, exactNumber } from '#connector-sdk/exact-key.js';

export const objectName = z.string().regex(/^[A-Za-z]\w{0,79}$/, 'give the API name of an object, such as Account');
export const fieldName = z.string().regex(/^[A-Za-z]\w{0,79}$/, 'give the API name of a field');
export const recordId = z
  .string()
  .regex(/^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$/, 'give a record id of 15 or 18 characters');

const WANTED =
  'give a text, a number, true, false or null; a list for a multi-select; for a parent by external id {"<external id field>": <value>} under the name of the relationship, such as Account or Parent__r';

/** An external id may be among them. */
const scalar = z.union([z.string(), exactNumber, z.boolean()]);

/** A multi-select takes its values in one text with semicolons between (README.md, "Metadata"). */
const values = z.array(z.union([scalar, z.null()])).transform((list) => {
  const chosen = list.filter((one) => one !== null);
  return chosen.length === 0 ? null : chosen.map(String).join(';');
});

/** `{"External_Key__c": "x"}` under the name of a relationship (`Account`, `Parent__r`): the parent by its external id. */
const parent = z
  .record(z.string().regex(/^([A-Z]\w{0,79}|[A-Za-z]\w{0,76}__c)$/), scalar)
  .refine((key) => Object.keys(key).length === 1, WANTED);

export const recordFields = z
  .record(fieldName, z.union([scalar, z.null(), values, parent], WANTED))
  .refine((fields) => Object.keys(fields).length > 0, 'give at least one field');

/** External ids may be numbers at the source. */
export const externalId = exactKey;
