/** Guards of what mappings give to the actions. Names go into addresses: they are checked, and encoded besides. */
import { z } from 'zod';

export const objectName = z.string().regex(/^[A-Za-z]\w{0,79}$/, 'give the API name of an object, such as Account');
export const fieldName = z.string().regex(/^[A-Za-z]\w{0,79}$/, 'give the API name of a field');
export const recordId = z
  .string()
  .regex(/^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$/, 'give a record id of 15 or 18 characters');

export const recordFields = z
  .record(
    fieldName,
    z.union([z.string(), z.number(), z.boolean(), z.null()], 'give a text, a number, true, false or null'),
  )
  .refine((fields) => Object.keys(fields).length > 0, 'give at least one field');

/** External ids may be numbers at the source. */
export const externalId = z.union([z.string().min(1), z.number()]).transform(String);
