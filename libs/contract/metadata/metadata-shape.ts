/** Design-time metadata that was read from the app through a connection. */
import { z } from 'zod';
import type { ErrorCode } from '#domain/errors.js';
import { TimeSchema } from '../fields.js';

export const ObjectSummarySchema = z
  .object({
    name: z.string(),
    label: z.string(),
    custom: z.boolean(),
    createable: z.boolean(),
    updateable: z.boolean(),
  })
  .meta({ id: 'ObjectSummary' });

export const PicklistItemSchema = z.object({ value: z.string(), label: z.string() });

export const ObjectSchemaSchema = ObjectSummarySchema.extend({
  fields: z.array(
    z.object({
      name: z.string(),
      label: z.string(),
      type: z.string(),
      required: z.boolean(),
      custom: z.boolean(),
      createable: z.boolean(),
      updateable: z.boolean(),
      picklist: z.array(PicklistItemSchema).optional(),
      picklistLeftOut: z
        .boolean()
        .optional()
        .describe(
          'True when the values are not shown because the description would be larger than 1 MB; ask for them by the picklist.',
        ),
    }),
  ),
}).meta({ id: 'ObjectSchema' });

/** When it was read and with which credential version. */
export const ReadAtShape = { at: TimeSchema, version: z.int() };

/** With 409 `not_connected` the problem's `cure` says what to press. */
export const METADATA_ERRORS = [
  'not_found',
  'not_connected',
  'right_missing',
  'scope_missing',
  'app_unavailable',
  'rate_limited',
  'record_gone',
  'app_rejected_request',
  'answer_too_large',
] as const satisfies readonly ErrorCode[];
