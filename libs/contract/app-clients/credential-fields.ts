/** Client id and secret as people paste them: blanks and line ends around them are taken off, what cannot be part of one is refused. */
import { z } from 'zod';

/** RFC 6749 appendix A.1 and A.2: printable ASCII. */
const NOT_PRINTABLE = /[^\x20-\x7e]/;

const HOLDS_OTHERS =
  'It holds a line end or another character that no OAuth client has (RFC 6749 appendix A): copy it again.';

/** No vendor's id has a blank in it: two things were copied, or a label with it. */
export const ClientIdSchema = z
  .string()
  .trim()
  .min(1, 'It is empty, or holds nothing but blanks.')
  .max(1000)
  .refine((id) => !NOT_PRINTABLE.test(id), HOLDS_OTHERS)
  .refine((id) => !id.includes(' '), 'It has a blank in it: copy the id alone.');

export const ClientSecretSchema = z
  .string()
  .trim()
  .min(1, 'It is empty, or holds nothing but blanks. Give null for a public client, which has no secret.')
  .max(4000)
  .refine((secret) => !NOT_PRINTABLE.test(secret), HOLDS_OTHERS)
  .nullable()
  .describe('Sealed at once, never returned; null for a public client.');
