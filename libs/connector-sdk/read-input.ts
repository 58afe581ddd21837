/** Reads the computed input of a trigger or an action. */
import { HawserError } from '#domain/errors.js';
import type { z } from 'zod';

/** The input in the guard's shape; throws `mapping_failed` naming the field: the recipe's mapping gave something else. */
export function readInput<Schema extends z.ZodType>(schema: Schema, input: Record<string, unknown>): z.output<Schema> {
  const read = schema.safeParse(input);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  const field = issue?.path.join('.') || 'input';
  throw new HawserError(
    'mapping_failed',
    `The field "${field}" of the step's input does not fit: ${issue?.message ?? 'unknown reason'}.`,
    {
      pointer: `/${issue?.path.join('/') ?? ''}`,
    },
  );
}
