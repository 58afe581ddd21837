/** Any failure -> problem document (RFC 9457). What we do not know becomes `internal`, and its text stays in the log. */
import { ERROR_CODES, HawserError } from '#domain/errors.js';
import type { Problem } from '#contract/problem.js';
import { readFrameworkFailure } from './framework-failure.js';
import { ProblemError } from './problem-error.js';
import { invalidFields } from './schema-issues.js';
import { DEFAULT_RETRY_AFTER_S, HTTP_STATUS } from './status-table.js';

export interface ProblemAnswer {
  problem: Problem;
  headers: Record<string, string>;
}

/** The answer to a failure of the request with this id. */
export function toProblem(failure: unknown, requestId: string): ProblemAnswer {
  const error = errorOf(failure);
  const { code, options } = error;
  const status = HTTP_STATUS[code];
  const general = ERROR_CODES[code].text;
  const problem: Problem = {
    type: `urn:hawser:problem:${code}`,
    title: titleOf(general),
    status,
    detail: error.detail,
    instance: `urn:hawser:request:${requestId}`,
    code,
    ...(options.pointer === undefined ? {} : { pointer: options.pointer }),
    // Always there, so that a screen can show it without asking: the place's own, else the general text, which says what to do.
    cure: general,
    ...(options.retryAfterMs === undefined ? {} : { retryAfterMs: options.retryAfterMs }),
    ...(options.requirement === undefined ? {} : { requirement: options.requirement }),
    ...(options.evidence === undefined ? {} : { evidence: options.evidence }),
    ...(error instanceof ProblemError ? error.extensions : {}),
  };
  return { problem, headers: headersOf(status, options.retryAfterMs) };
}

function errorOf(failure: unknown): HawserError {
  if (!(failure instanceof HawserError))
    return readFrameworkFailure(failure) ?? new HawserError('internal', undefined, { cause: failure });
  const { code, detail, options } = failure;
  // A field that a rule outside of the gateway found at fault (a connector's setting) is told like any other.
  return code === 'request_invalid' && options.pointer !== undefined && !(failure instanceof ProblemError)
    ? invalidFields([{ pointer: options.pointer, detail }])
    : failure;
}

function headersOf(status: number, retryAfterMs: number | undefined): Record<string, string> {
  const headers: Record<string, string> = {};
  if (status === 401) headers['www-authenticate'] = 'Bearer realm="hawser"';
  if (status === 503 || status === 429) {
    headers['retry-after'] = String(
      retryAfterMs === undefined ? DEFAULT_RETRY_AFTER_S : Math.max(1, Math.ceil(retryAfterMs / 1000)),
    );
  }
  return headers;
}

/** The first sentence of the code's text. */
function titleOf(text: string): string {
  const end = text.search(/\.(\s|$)/);
  return end < 0 ? text : text.slice(0, end);
}
