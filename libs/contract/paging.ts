/** Cursor paging, the same for every list. */
import { z } from 'zod';

export const PageQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,2000}$/, 'This is no cursor of ours.')
    .optional()
    .describe('`nextCursor` of the page before; opaque.'),
});

/** A page of items; `nextCursor` is null on the last one. */
export const pageOf = <S extends z.ZodType>(item: S) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });
