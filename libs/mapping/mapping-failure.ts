import { HawserError } from '#domain/errors.js';
import { pointerSegment } from '#domain/json-pointer.js';
import { GuardError } from './guard-options.js';

/** `mapping_failed` that names field and expression. `reason` never holds values of the input. */
export function mappingFailed(field: string, expression: string, reason: string, cause?: unknown): HawserError {
  const shown = expression.length > 200 ? `${expression.slice(0, 200)}…` : expression;
  return new HawserError('mapping_failed', `The field "${field}" cannot be computed from \`${shown}\`: ${reason}`, {
    pointer: `/input/${pointerSegment(field)}`,
    // Only its code: a library's error may carry values.
    cause: cause instanceof GuardError ? cause : undefined,
  });
}
