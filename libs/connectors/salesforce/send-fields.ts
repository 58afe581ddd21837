/** Sends a record's fields; where Salesforce wants a text and the recipe gave a number, the text is sent. */
import type { AppContext, AppRequest, AppResponse } from '#connector-sdk/connector.js';
import { HawserError } from '#domain/errors.js';
import { describeObject } from './describe.js';
import type { DescribedField } from './guards.js';

type Fields = Record<string, unknown>;

/** JSON numbers and booleans are read as such; every other type of field takes a text only. */
const NUMBERS: ReadonlySet<string> = new Set(['int', 'long', 'double', 'currency', 'percent']);

/**
 * As `context.call` with the fields as body. A body whose types do not fit is refused as a whole before anything is done
 * (JSON_PARSER_ERROR, which names no field): then the object is described once, and what does not fit is written as its field wants it.
 */
export async function sendFields(
  context: AppContext,
  request: Omit<AppRequest, 'json'>,
  object: string,
  fields: Fields,
): Promise<AppResponse> {
  try {
    return await context.call({ ...request, json: fields });
  } catch (error) {
    if (!(error instanceof HawserError) || error.options.evidence?.appCode !== 'JSON_PARSER_ERROR') throw error;
    const fitted = fittedTo((await describeObject(context, object)).fields, fields);
    if (fitted === null) throw error;
    return context.call({ ...request, json: fitted });
  }
}

/** Null when every field had the type that is wanted. */
function fittedTo(described: DescribedField[], fields: Fields): Fields | null {
  const types = new Map(described.map(({ name, type }) => [name.toLowerCase(), type]));
  let changed = false;
  const entries = Object.entries(fields).map(([name, value]) => {
    const fitted = fittedValue(types.get(name.toLowerCase()), value);
    changed ||= fitted !== value;
    return [name, fitted] as const;
  });
  return changed ? Object.fromEntries(entries) : null;
}

function fittedValue(type: string | undefined, value: unknown): unknown {
  if (type === undefined || value === null || typeof value === 'object') return value;
  if (NUMBERS.has(type)) return typeof value === 'string' && String(Number(value)) === value ? Number(value) : value;
  if (type === 'boolean') return value === 'true' ? true : value === 'false' ? false : value;
  return String(value);
}
