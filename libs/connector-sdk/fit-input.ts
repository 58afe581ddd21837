/**
 * Makes a step's computed input fit the fields of its action: apps write null for an empty field, and mappings give numbers where a text is
 * wanted. Done before a connector reads the input, by the field's data alone. Pure.
 */
import { HawserError } from '#domain/errors.js';
import { hasLostDigits } from '#domain/exact-json.js';
import { pointerSegment } from '#domain/json-pointer.js';
import type { FieldSchema } from './manifest.js';

/** How much of an expression is shown in a message, in characters. */
const SHOWN = 200;

/**
 * - An optional field that is empty (null, a blank text) is not given, unless its data says that an empty value clears it (`emptyClears`).
 * - A required one that is empty is refused. - A number, true or false is text where a text is wanted; exact digits are a number where a
 * number is wanted, "true" and "false" where a boolean is.
 * Throws `mapping_failed` naming field, expression and what it gives, never a value. `expressions`: field -> mapping of the recipe.
 */
export function fitInput(
  fields: readonly FieldSchema[],
  input: Readonly<Record<string, unknown>>,
  expressions: Readonly<Record<string, string>> = {},
): Record<string, unknown> {
  const fitted = { ...input };
  for (const field of fields) {
    const given = Object.hasOwn(input, field.name) ? input[field.name] : undefined;
    if (isBlank(given)) {
      if (field.required) throw refusal(field, expressions, given, 'It is required, and it is empty');
      if (given === undefined || !field.emptyClears) delete fitted[field.name];
    } else fitted[field.name] = fit(field, given, expressions);
  }
  return fitted;
}

/** How an expression is named in a message; empty for a field that has none. */
export function shownExpression(expressions: Readonly<Record<string, string>>, field: string): string {
  const expression = Object.hasOwn(expressions, field) ? expressions[field] : undefined;
  if (expression === undefined) return '';
  return `\`${expression.length > SHOWN ? `${expression.slice(0, SHOWN)}…` : expression}\``;
}

const isBlank = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

function fit(field: FieldSchema, given: unknown, expressions: Readonly<Record<string, string>>): unknown {
  switch (field.type) {
    case 'string':
    case 'datetime':
      if (typeof given === 'object') throw refusal(field, expressions, given, 'A text is wanted');
      if (hasLostDigits(given)) throw refusal(field, expressions, given, 'A number beyond 2^53 has lost digits');
      return field.type === 'string' ? String(given) : given;
    case 'number':
      return typeof given === 'string' ? exactNumber(given) : given;
    case 'boolean':
      return given === 'true' ? true : given === 'false' ? false : given;
    case 'object':
    case 'array':
      return given;
  }
}

/** The number that a text writes, if it can be written back as the same text; else the text, which the connector's guard refuses. */
function exactNumber(text: string): unknown {
  const value = Number(text.trim());
  return String(value) === text.trim() ? value : text;
}

function refusal(
  field: FieldSchema,
  expressions: Readonly<Record<string, string>>,
  given: unknown,
  reason: string,
): HawserError {
  const expression = shownExpression(expressions, field.name);
  const gives = expression === '' ? 'nothing is mapped to it' : `its expression ${expression} gives ${kindOf(given)}`;
  return new HawserError(
    'mapping_failed',
    `The field "${field.name}" (${field.label}) does not fit. ${reason}: ${gives}.`,
    {
      pointer: `/input/${pointerSegment(field.name)}`,
    },
  );
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing (what it reads is absent)';
  if (value === null) return 'null (what it reads is empty)';
  if (Array.isArray(value)) return 'a list; join it, such as by $join(…, ", ")';
  if (typeof value === 'object') return 'an object; name one of its fields';
  return 'an empty text';
}
