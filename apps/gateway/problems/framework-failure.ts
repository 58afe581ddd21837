/** Failures that Fastify and Nest make themselves (body too large, not JSON, no such route), in our codes. */
import { HawserError, type ErrorCode } from '#domain/errors.js';
import { ProblemError } from './problem-error.js';

interface FrameworkFailure {
  statusCode?: unknown;
  status?: unknown;
  code?: unknown;
  message?: unknown;
}

const BY_FASTIFY_CODE: Readonly<Record<string, { code: ErrorCode; detail: string; cure: string; pointer: string }>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    code: 'too_large',
    detail: 'The body is larger than 1 MB.',
    cure: 'Send a smaller body.',
    pointer: '',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'request_invalid',
    detail: 'The header Content-Type is not application/json.',
    cure: 'Send JSON with `Content-Type: application/json`.',
    pointer: '#/header/content-type',
  },
  FST_ERR_CTP_INVALID_JSON_BODY: {
    code: 'request_invalid',
    detail: 'The body is not JSON.',
    cure: 'Send a JSON document.',
    pointer: '',
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: 'request_invalid',
    detail: 'The body has another length than Content-Length says.',
    cure: 'Send the whole body.',
    pointer: '#/header/content-length',
  },
  FST_ERR_BAD_URL: {
    code: 'request_invalid',
    detail: 'The path is not a well-formed URL.',
    cure: 'Percent-encode the path.',
    pointer: '#/path',
  },
  FST_ERR_MAX_PARAM_LENGTH: {
    code: 'request_invalid',
    detail: 'A part of the path is longer than any id or name.',
    cure: 'Use an id as the API gave it.',
    pointer: '#/path',
  },
};

/** The failure in our codes; null when it is none of these. */
export function readFrameworkFailure(failure: unknown): HawserError | null {
  if (typeof failure !== 'object' || failure === null) return null;
  const { statusCode, status, code } = failure as FrameworkFailure;
  const known = typeof code === 'string' ? BY_FASTIFY_CODE[code] : undefined;
  if (known) {
    const { detail, cure, pointer } = known;
    return new ProblemError(known.code, detail, { cure }, { pointer, cause: failure });
  }
  const http = typeof statusCode === 'number' ? statusCode : typeof status === 'number' ? status : null;
  if (http === 404)
    return new ProblemError('not_found', 'There is no such endpoint.', { cure: 'The endpoints are listed at /docs.' });
  if (http === 413)
    return new ProblemError('too_large', 'The body is larger than 1 MB.', { cure: 'Send a smaller body.' });
  // Nest makes its own failure of Fastify's FST_ERR_CTP_INVALID_MEDIA_TYPE.
  if (http === 415)
    return new ProblemError(
      'request_invalid',
      'The header Content-Type is not application/json.',
      { cure: 'Send JSON with `Content-Type: application/json`.' },
      { pointer: '#/header/content-type', cause: failure },
    );
  if (http === 503)
    return new HawserError('temporarily_unavailable', 'The gateway is shutting down.', { cause: failure });
  if (http !== null && http >= 400 && http < 500)
    return new ProblemError(
      'request_invalid',
      'The request cannot be read.',
      { cure: 'See /docs for the form of the request.' },
      { cause: failure },
    );
  return null;
}
