/** Issues of a schema -> one `request_invalid` that names each field by a JSON pointer, with a sentence. */
import { pointerSegment } from '#domain/json-pointer.js';
import { ProblemError } from './problem-error.js';

/** What Standard Schema gives, with the extras of zod 4. */
export interface SchemaIssue {
  message: string;
  path?: readonly (PropertyKey | { key: PropertyKey })[] | undefined;
  code?: string;
  keys?: readonly string[];
}

export type RequestPart = 'body' | 'path' | 'query';

/** At most so many fields are named: how many there are is up to the caller. */
const SHOWN = 20;

/** `sent`: what the caller sent; a value that was read as something else (`limit=abc` as a number) is named as it came. */
export function invalidRequest(part: RequestPart, issues: readonly SchemaIssue[], sent?: unknown): ProblemError {
  return invalidFields(issues.flatMap((issue) => fieldsOf(part, issue, sent)));
}

/** `request_invalid` for these fields; the first one is the problem's `pointer`. */
export function invalidFields(all: { pointer: string; detail: string }[]): ProblemError {
  const errors = all.slice(0, SHOWN);
  const [first] = errors;
  const more =
    all.length > 1
      ? ` (and ${all.length - 1} more, see \`errors\`${all.length > SHOWN ? ` for the first ${SHOWN}` : ''})`
      : '';
  return new ProblemError(
    'request_invalid',
    `${first?.detail ?? 'The request is not valid.'}${more}`,
    { errors, cure: 'Correct the fields that `errors` names; /docs shows the form of the request.' },
    first ? { pointer: first.pointer } : {},
  );
}

function fieldsOf(part: RequestPart, issue: SchemaIssue, sent: unknown): { pointer: string; detail: string }[] {
  const path = (issue.path ?? []).map((segment) => String(typeof segment === 'object' ? segment.key : segment));
  if (issue.code === 'unrecognized_keys' && issue.keys) {
    return issue.keys.map((key) => ({
      pointer: pointerOf(part, [...path, key]),
      detail: `Unknown ${nameOf(part)} "${cut(key)}".`,
    }));
  }
  const where =
    path.length === 0 ? `The ${part === 'body' ? 'body' : part}` : `The ${nameOf(part)} "${cut(path.join('.'))}"`;
  const message = part === 'body' ? issue.message : withValue(issue.message, shown(path, sent));
  return [{ pointer: pointerOf(part, path), detail: `${where} is not valid: ${message}` }];
}

/** Names what was sent in the address; a body may hold secrets, and is never quoted. */
function withValue(message: string, value: string | null): string {
  const said = message.replace(/, received NaN$/, '');
  return value === null ? said : `${said}; received ${value}`;
}

/** What stands there, short; null for nothing. */
function shown(path: readonly string[], sent: unknown): string | null {
  const value = path.reduce<unknown>(
    (node, key) =>
      typeof node === 'object' && node !== null && Object.hasOwn(node, key) ? (node as never)[key] : undefined,
    sent,
  );
  return value === undefined ? null : cut(JSON.stringify(value));
}

function nameOf(part: RequestPart): string {
  return part === 'body' ? 'field' : part === 'query' ? 'query parameter' : 'path parameter';
}

/** RFC 6901; parts outside the body are marked, as the contract says. */
export function pointerOf(part: RequestPart, path: readonly string[]): string {
  const pointer = path.map((segment) => `/${pointerSegment(segment).slice(0, 200)}`).join('');
  return part === 'body' ? pointer : `#/${part}${pointer}`;
}

function cut(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
