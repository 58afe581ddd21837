import { z } from 'zod';
import { defineEndpoint } from '../endpoint.js';
import { IdParamsSchema } from '../fields.js';
import { JobSchema } from './job-shape.js';

/**
 * Runs a failed or cancelled job again, after its connections were verified; one that waits is cancelled first. Steps that were done stay
 * done (same id, operation, binding and instance), with their outputs.
 */
export const rerunJob = defineEndpoint({
  operationId: 'rerunJob',
  method: 'POST',
  path: '/v1/jobs/:id/rerun',
  tag: 'jobs',
  summary: 'Rerun a failed, cancelled or waiting job',
  auth: 'key',
  params: IdParamsSchema,
  body: z
    .strictObject({
      version: z
        .union([z.literal('newest'), z.int().min(1)])
        .optional()
        .describe('Version of the recipe to run; default `newest`.'),
      confirm: z
        .array(z.string().min(1).max(64))
        .max(1_000)
        .optional()
        .describe(
          'Ids of steps whose writes were done and do not count as done: a rerun leaves them as they are, and may do them again.',
        ),
      force: z
        .boolean()
        .optional()
        .describe(
          'Also when a later change of the same record was done already, or is under way: its data may be overwritten.',
        ),
    })
    .optional(),
  status: 202,
  response: JobSchema,
  errors: ['not_found', 'conflict', 'not_connected', 'right_missing', 'scope_missing', 'credential_rejected'],
});
