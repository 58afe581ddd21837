/** A recipe: trigger, steps, bindings, and how it fares. */
import { z } from 'zod';
import { jsonOf, mapOf } from '../bounded.js';
import { NameSchema, TimeSchema } from '../fields.js';
import { ErrorCodeSchema } from '../problem.js';

const STEPS = 100;
const BINDINGS = 100;
const STEP_FIELDS = 500;
const TRIGGER_FIELDS = 100;
const TRIGGER_VALUE_LENGTH = 10_000;
const MAPPING_LENGTH = 10_000;
/** Reading a mapping costs the gateway up to some milliseconds per thousand characters. */
const MAPPINGS_LENGTH = 200_000;

const WordSchema = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'Letters, digits and _ only, beginning with a letter, at most 64.');

/** `operation` names a trigger or an action of the binding's connector. Step inputs are JSONata over `{ trigger, steps, job }`. */
const definitionOf = <T extends z.ZodType, I extends z.ZodType>(triggerInput: T, stepInput: I) =>
  z.strictObject({
    trigger: z.strictObject({
      binding: WordSchema,
      operation: z.string().min(1).max(100),
      input: triggerInput,
      intervalSeconds: z
        .int()
        .min(1)
        .max(86_400)
        .optional()
        .describe(
          "Seconds between two looks that find nothing new. Each costs requests of the app's quota. Absent: as the connector has it.",
        ),
    }),
    steps: z
      .array(
        z.strictObject({
          id: WordSchema,
          binding: WordSchema,
          operation: z.string().min(1).max(100),
          input: stepInput,
        }),
      )
      .min(1)
      .max(STEPS),
    concurrency: z.int().min(1).max(100).default(5),
  });

/** As it is kept: what was accepted before a limit was set is shown all the same. */
export const RecipeDefinitionSchema = definitionOf(
  z.record(z.string(), z.unknown()).default({}),
  z.record(z.string(), z.string()).default({}),
);
const BindingSchema = z.strictObject({
  app: z.string().min(1).max(100),
  connectionId: z.string().min(1).max(100).nullable().default(null),
});
export const RecipeBindingsSchema = z.record(WordSchema, BindingSchema);

/** As a caller may send it. */
const DefinitionInputSchema = definitionOf(
  mapOf(z.string().max(200), jsonOf(TRIGGER_VALUE_LENGTH), TRIGGER_FIELDS).default({}),
  mapOf(z.string().max(200), z.string().max(MAPPING_LENGTH), STEP_FIELDS).default({}),
).refine(
  ({ steps }) =>
    steps.reduce((sum, { input }) => sum + Object.values(input).reduce((one, text) => one + text.length, 0), 0) <=
    MAPPINGS_LENGTH,
  { error: `All mappings together have more than ${MAPPINGS_LENGTH} characters.`, path: ['steps'] },
);

export const RecipeInputSchema = z.strictObject({
  name: NameSchema,
  definition: DefinitionInputSchema,
  bindings: mapOf(WordSchema, BindingSchema, BINDINGS),
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
    action: z
      .enum(['none', 'bind', 'connect', 'reconnect', 'decide', 'verify'])
      .describe('The button to show. `verify`: after a right was given at the app.'),
    code: ErrorCodeSchema.nullable(),
    text: z.string().describe('What to do, in a sentence.'),
    missing: z.array(z.object({ requirement: z.string(), text: z.string() })),
  })
  .meta({ id: 'RecipeConnection' });
