import { shownExpression } from '#connector-sdk/fit-input.js';
import { HawserError } from '#domain/errors.js';

/**
 * A connector that refuses a field of its input knows the field, not where its value comes from: the expression is named beside it, as in
 * the failures of the mapping itself.
 */
export function withExpression(error: unknown, expressions: Readonly<Record<string, string>>): unknown {
  if (!(error instanceof HawserError) || error.code !== 'mapping_failed') return error;
  const { pointer } = error.options;
  const [, field = ''] = (pointer ?? '').split('/');
  const expression = pointer?.startsWith('/input/') ? '' : shownExpression(expressions, field);
  if (expression === '') return error;
  return new HawserError(error.code, `${error.detail} The value comes from the expression ${expression}.`, {
    ...error.options,
    pointer: `/input${pointer}`,
  });
}
