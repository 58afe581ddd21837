/** What an answer says in words; Salesforce has three shapes for it (README.md, "Errors"). Pure. */
import type { AppResponse } from '#connector-sdk/connector.js';
import { errorRowSchema } from './guards.js';

export interface SaidError {
  code: string;
  message: string;
  fields: string[];
}

/** The first error of an answer: REST array, `{success: false, errors}` of a save, or the OAuth form of the identity service. */
export function saidError(response: AppResponse): SaidError | null {
  const { json, status } = response;
  if (status < 300 && Array.isArray(json)) return null;
  const object =
    typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Record<string, unknown>) : null;
  const rows = Array.isArray(json)
    ? json
    : object?.success === false && Array.isArray(object.errors)
      ? object.errors
      : null;
  const row = errorRowSchema.safeParse(rows?.[0]);
  if (row.success) {
    return {
      code: row.data.errorCode ?? row.data.statusCode ?? '',
      message: row.data.message ?? '',
      fields: row.data.fields ?? [],
    };
  }
  if (typeof object?.error !== 'string') return null;
  return {
    code: object.error,
    message: typeof object.error_description === 'string' ? object.error_description : '',
    fields: [],
  };
}
