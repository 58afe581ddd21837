/** Small pieces that several endpoints share. */
import { z } from 'zod';
import { mapOf } from './bounded.js';
import { ErrorCodeSchema } from './problem.js';

export const IdParamsSchema = z.object({ id: z.string().min(1).max(300) });
/** One visible line: what stands in lists, logs and mails. */
export const NameSchema = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine((name) => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(name), 'A name is one line, without control characters.')
  .refine((name) => /[^\p{Cf}\p{Z}]/u.test(name), 'A name has at least one visible character.');
/** Settings of a connection; the connector says which there are. */
export const SettingsSchema = mapOf(z.string().max(100), z.string().max(1000), 50);
/** Epoch milliseconds. */
export const TimeSchema = z.number().describe('Epoch milliseconds.');
/** POST without input: no body, or an empty object. */
export const EmptyBodySchema = z.strictObject({}).optional();

export const EvidenceSchema = z.object({
  at: TimeSchema,
  status: z.int().optional(),
  appCode: z.string().optional(),
  appMessage: z.string().optional(),
});

export const ReasonSchema = z.object({ code: ErrorCodeSchema, text: z.string(), evidence: EvidenceSchema.optional() });
export const MissingSchema = z.object({ requirement: z.string(), text: z.string() });
