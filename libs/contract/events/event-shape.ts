/** An event of the log: what happened to a connection, a recipe, a job, or by a person. Never a secret. */
import { z } from 'zod';
import { HAPPENING_KINDS } from '#domain/happening.js';
import { TimeSchema } from '../fields.js';

export const EventKindSchema = z.enum(HAPPENING_KINDS);

export const EventSchema = z.object({
  id: z.string().describe('`<subject>/<generation>.<sequence>`: what is told twice has the same id.'),
  kind: EventKindSchema,
  subject: z.string().describe('Id of the connection, recipe or job.'),
  generation: z.int(),
  sequence: z.int(),
  revision: z.int().describe('Of the state of the subject: a view with this revision, or a later one, shows it.'),
  at: TimeSchema,
  code: z.string().nullable(),
  who: z.string().nullable().describe('`person`, `job` or `system`.'),
  facts: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .describe('Of a renewal: `version`, `from`, `because` (`due`, `rejected`, `asked`). Of a status: `from`, `to`.'),
});

export const PlacedEventSchema = EventSchema.extend({
  position: z.int().describe('Its place in the one order of all events; they rise, and have holes where others read.'),
});

/** Which events a reader wants. */
export const EventFilterSchema = z.strictObject({
  subject: z.string().min(1).max(300).optional().describe('Events of this connection, recipe or job alone.'),
  kind: EventKindSchema.optional(),
});

export const PositionSchema = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
