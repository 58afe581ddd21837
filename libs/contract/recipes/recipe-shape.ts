/** A recipe: trigger, steps, bindings, and how it fares. */
import { z } from 'zod';
import { NameSchema, TimeSchema } from '../fields.js';
import { ErrorCodeSchema } from '../problem.js';

const WordSchema = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'Letters, digits and _ only, beginning with a letter, at most 64.');

/** `operation` names a trigger or an action of the binding's connector. Step inputs are JSONata over `{ trigger, steps, job }`. */
export const RecipeDefinitionSchema = z.strictObject({
  trigger: z.strictObject({
    binding: WordSchema,
    operation: z.string().min(1).max(100),
    input: z.record(z.string().max(200), z.unknown()).default({}),
  }),
  steps: z
    .array(
      z.strictObject({
        id: WordSchema,
        binding: WordSchema,
        operation: z.string().min(1).max(100),
        input: z.record(z.string().max(200), z.string().max(10_000)).default({}),
      }),
    )
    .min(1)
    .max(100),
  concurrency: z.int().min(1).max(100).default(5),
});

export const RecipeBindingsSchema = z.record(
  WordSchema,
  z.strictObject({
    app: z.string().min(1).max(100),
    connectionId: z.string().min(1).max(100).nullable().default(null),
  }),
);

export const RecipeInputSchema = z.strictObject({
  name: NameSchema,
  definition: RecipeDefinitionSchema,
  bindings: RecipeBindingsSchema,
});

export const RecipeStatusSchema = z
  .enum(['stopped', 'running', 'waiting', 'deleted'])
  .describe('`waiting`: started, but a bound connection is invalid or a right is missing; it goes on by itself.');

export const WaitingForSchema = z.object({
  connectionId: z.string(),
  code: ErrorCodeSchema,
  requirement: z.string().nullable(),
});

export const RecipeSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    version: z.int(),
    definition: RecipeDefinitionSchema,
    bindings: RecipeBindingsSchema,
    createdAt: TimeSchema,
    updatedAt: TimeSchema,
    status: RecipeStatusSchema,
    since: TimeSchema,
    waitingFor: WaitingForSchema.nullable(),
    openJobs: z.int(),
    jobsStarted: z.int(),
    lastPollAt: TimeSchema.nullable(),
    warning: z
      .object({ code: ErrorCodeSchema, text: z.string(), at: TimeSchema })
      .nullable()
      .describe('The last trouble of the trigger; shown though no job exists.'),
    stale: z.boolean().describe('True when the recipe did not answer in time and its last projection is shown.'),
  })
  .meta({ id: 'Recipe' });

export type RecipeResponse = z.infer<typeof RecipeSchema>;

/** One binding of a recipe and what to do about it (AS-01). */
export const RecipeConnectionSchema = z
  .object({
    binding: z.string(),
    app: z.string(),
    appName: z.string(),
    connectionId: z.string().nullable(),
    connectionName: z.string().nullable(),
    status: z.enum(['unbound', 'draft', 'connected', 'degraded', 'invalid', 'disconnected', 'deleted']),
    connected: z.boolean().describe('True for `connected` and `degraded`: it can be used now.'),
    action: z.enum(['none', 'bind', 'connect', 'reconnect', 'decide']).describe('The button to show.'),
    code: ErrorCodeSchema.nullable(),
    text: z.string().describe('What to do, in a sentence.'),
    missing: z.array(z.object({ requirement: z.string(), text: z.string() })),
  })
  .meta({ id: 'RecipeConnection' });
