/** The one shape of every error answer: RFC 9457, `application/problem+json`. */
import { z } from 'zod';
import { ERROR_CODES, type ErrorCode } from '#domain/errors.js';

export const ErrorCodeSchema = z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]);

/** Someone or something that stands in the way. */
export const UserSchema = z.object({
  type: z.enum(['recipe', 'connection', 'job']),
  id: z.string(),
  name: z.string().nullable(),
});

export const ProblemSchema = z
  .looseObject({
    type: z.string().describe('`urn:hawser:problem:<code>`'),
    title: z.string().describe('What this code means, the same for every occurrence.'),
    status: z.int(),
    detail: z.string().describe('What happened here: names the field and the cause.'),
    instance: z.string().describe('`urn:hawser:request:<id>`; the log carries the same id.'),
    code: ErrorCodeSchema,
    pointer: z
      .string()
      .optional()
      .describe(
        'JSON pointer to the field that is at fault; `#/path/...`, `#/query/...` and `#/header/...` stand for parts outside the body.',
      ),
    cure: z.string().optional().describe('What to do about it.'),
    errors: z
      .array(z.object({ pointer: z.string(), detail: z.string() }))
      .optional()
      .describe('All fields at fault, when there are several.'),
    users: z.array(UserSchema).optional().describe('in_use: what uses it.'),
    bindings: z
      .array(z.looseObject({ binding: z.string() }))
      .optional()
      .describe('not_connected: each binding that stands in the way, with what to do.'),
    missing: z.array(z.object({ requirement: z.string(), text: z.string() })).optional(),
    retryAfterMs: z.number().optional(),
  })
  .meta({ id: 'Problem' });

export type Problem = z.infer<typeof ProblemSchema>;
