/** A job: one run of a recipe for one trigger event. */
import { z } from 'zod';
import { EvidenceSchema, TimeSchema } from '../fields.js';
import { ErrorCodeSchema } from '../problem.js';
import { RecipeBindingsSchema } from '../recipes/recipe-shape.js';

export const JobStatusSchema = z
  .enum(['queued', 'running', 'waiting', 'retrying', 'succeeded', 'failed', 'cancelled'])
  .describe('`waiting`: parked until the connection is usable again; it goes on by itself at the step where it stood.');

export const JobSummarySchema = z
  .object({
    id: z.string(),
    recipeId: z.string().nullable(),
    status: JobStatusSchema,
    waitingFor: z.string().nullable().describe('Connection id.'),
    startedAt: TimeSchema,
    endedAt: TimeSchema.nullable(),
  })
  .meta({ id: 'JobSummary' });

const JsonObject = z.record(z.string(), z.unknown());

export const JobSchema = z
  .object({
    id: z.string(),
    recipeId: z.string(),
    recipeVersion: z.int(),
    status: JobStatusSchema,
    startedAt: TimeSchema,
    endedAt: TimeSchema.nullable(),
    event: z.object({
      recordId: z.string(),
      stamp: z.string(),
      data: JsonObject,
      unread: z
        .boolean()
        .optional()
        .describe('True when the record is too large to be carried; a rerun reads it as it stands then.'),
    }),
    bindings: RecipeBindingsSchema,
    steps: z.array(
      z.object({
        id: z.string(),
        binding: z.string(),
        operation: z.string(),
        status: z.enum(['pending', 'running', 'waiting', 'retrying', 'succeeded', 'failed', 'skipped']),
        attempts: z.int(),
        startedAt: TimeSchema.nullable(),
        endedAt: TimeSchema.nullable(),
        connectionId: z.string().nullable(),
        version: z.int().nullable().describe('Credential version that served it.'),
        input: JsonObject.nullable(),
        output: JsonObject.nullable(),
        cut: z
          .array(z.string())
          .optional()
          .describe('Parts of the output that were too large to be kept. The step is done all the same.'),
        inputDropped: z
          .boolean()
          .optional()
          .describe('True when the input is not shown because the job had grown too large.'),
        error: z.object({ code: ErrorCodeSchema, text: z.string(), evidence: EvidenceSchema.optional() }).nullable(),
      }),
    ),
    waitingFor: z
      .object({
        connectionId: z.string(),
        code: ErrorCodeSchema,
        text: z.string(),
        requirement: z.string().nullable(),
        since: TimeSchema,
        nextLookAt: TimeSchema,
      })
      .nullable(),
    error: z.object({ code: ErrorCodeSchema, text: z.string(), step: z.string().nullable() }).nullable(),
    warnings: z
      .array(z.object({ code: ErrorCodeSchema, field: z.string(), text: z.string() }))
      .describe('Fields that the recipe reads of the event and that could not be had; the job went on without them.'),
    reruns: z.int(),
  })
  .meta({ id: 'Job' });

export type JobResponse = z.infer<typeof JobSchema>;
