/** What an answer says in words; Zendesk has four shapes for it (README.md, "Errors"). Pure. */
import type { AppResponse } from '#connector-sdk/connector.js';

export interface SaidError {
  /** `invalid_token`, `RecordInvalid`, `Forbidden` … */
  code: string;
  message: string;
  /** Of a 422: field -> what is wrong with it. */
  details: { field: string; error: string; description: string }[];
}

/** Null when the answer says nothing that can be read. */
export function saidError(response: AppResponse): SaidError | null {
  const body = asObject(response.json);
  if (!body) return null;
  const details = readDetails(body.details);
  const titled = asObject(body.error);
  // `{"error":{"title","message"}}`
  if (titled) return { code: textOf(titled.title), message: textOf(titled.message), details };
  // `{"error":"word","description"|"error_description"}`
  if (typeof body.error === 'string') {
    return {
      code: body.error,
      message: textOf(body.description) || textOf(body.error_description) || textOf(body.message),
      details,
    };
  }
  // `{"errors":[{"code","title","detail"?}]}`
  const first = Array.isArray(body.errors) ? asObject(body.errors[0]) : null;
  return first ? { code: textOf(first.code), message: textOf(first.detail) || textOf(first.title), details } : null;
}

function readDetails(details: unknown): SaidError['details'] {
  const fields = asObject(details);
  if (!fields) return [];
  return Object.entries(fields).flatMap(([field, problems]) =>
    (Array.isArray(problems) ? problems : []).map((problem) => {
      const { error, description } = asObject(problem) ?? {};
      return { field, error: textOf(error), description: textOf(description) };
    }),
  );
}

function asObject(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}
