/** Judges any answer of the Support API (README.md, "Errors"); never by the status alone. Pure. */
import { appMessage } from '#connector-sdk/app-message.js';
import type { AppRequest, AppResponse, Classification } from '#connector-sdk/connector.js';
import { requirementKey } from '#connector-sdk/requirement-key.js';
import { parseRetryAfter } from '#connector-sdk/retry-after.js';
import type { ErrorCode } from '#domain/errors.js';
import { resourceOf } from './endpoints.js';
import { saidError, type SaidError } from './said-error.js';

type Judgement = { code: ErrorCode; refusedBeforeProcessing: boolean; requirement?: string; retryAfterMs?: number };

/** What an answer means. */
export function classify(request: AppRequest, response: AppResponse): Classification {
  const { status } = response;
  const said = saidError(response);
  const good = (status >= 200 && status < 300 && !said && !isHtml(response)) || status === 304;
  if (good) return { kind: 'ok' };
  const message = appMessage(messageOf(said, response));
  return {
    kind: 'error',
    ...judgeAnswer(request, response, said),
    ...(said?.code ? { appCode: said.code } : {}),
    ...(message === undefined ? {} : { appMessage: message }),
  };
}

function judgeAnswer(request: AppRequest, response: AppResponse, said: SaidError | null): Judgement {
  const refused = (code: ErrorCode): Judgement => ({ code, refusedBeforeProcessing: true });
  switch (response.status) {
    case 401:
      return refused('access_token_rejected');
    case 403:
      // A 403 without words is from an edge in front of the API.
      return said ? judgeForbidden(request, said) : refused('app_unavailable');
    case 404:
      // An unknown subdomain answers with HTML or nothing, an unknown path with InvalidEndpoint: a matter of settings, not of the grant.
      return refused(said && said.code !== 'InvalidEndpoint' ? 'record_gone' : 'app_misconfigured');
    case 409:
      return refused('app_conflict');
    case 429:
      return { ...refused('rate_limited'), ...waitOf(response) };
    default:
      return judgeOther(response, said);
  }
}

function judgeForbidden(request: AppRequest, said: SaidError): Judgement {
  const scopes = /missing the following required scopes?:\s*([\w:, ]+)/i.exec(said.message)?.[1];
  const wanted =
    request.requirement ??
    requirementKey(resourceOf(request.path) ?? 'account', request.method === 'GET' ? 'read' : 'write');
  if (scopes === undefined) return { code: 'right_missing', refusedBeforeProcessing: true, requirement: wanted };
  // "organizations:write, write": the narrow one names what is needed.
  const narrow = scopes.split(/[\s,]+/).find((scope) => scope.includes(':'));
  return { code: 'scope_missing', refusedBeforeProcessing: true, requirement: narrow ?? wanted };
}

function judgeOther(response: AppResponse, said: SaidError | null): Judgement {
  const { status } = response;
  if (said?.code === 'DatabaseConflict') return { code: 'app_conflict', refusedBeforeProcessing: true };
  // It has an earlier request with this Idempotency-Key, and that one had other content (3.6): whatever it made stands.
  if (said?.code === 'IdempotentRequestError') return { code: 'outcome_unknown', refusedBeforeProcessing: true };
  // RFC 9110 section 15.6.4: the server did not handle the request.
  if (status === 503) return { code: 'app_unavailable', refusedBeforeProcessing: true, ...waitOf(response) };
  if (status >= 500) return { code: 'app_unavailable', refusedBeforeProcessing: false, ...waitOf(response) };
  if (status >= 400) return { code: 'app_rejected_request', refusedBeforeProcessing: true };
  if (status >= 300) return { code: 'app_misconfigured', refusedBeforeProcessing: true };
  // 2xx with an error inside, or with a foreign page: nobody knows what was done.
  if (said?.code === 'invalid_token') return { code: 'access_token_rejected', refusedBeforeProcessing: true };
  return { code: said ? 'app_rejected_request' : 'app_unavailable', refusedBeforeProcessing: false };
}

/** `Retry-After` is missing at times; the reset of the rate limit says the same in seconds (3.4). */
function waitOf(response: AppResponse): { retryAfterMs?: number } {
  const { headers, at } = response;
  const ms =
    parseRetryAfter(headers['retry-after'], at) ??
    parseRetryAfter(headers['ratelimit-reset'] ?? headers['rate-limit-reset'], at);
  return ms === null ? {} : { retryAfterMs: ms };
}

/** With the cure, where the words alone do not lead to it: names are unique, and organizations are never matched by name (3.6). */
function messageOf(said: SaidError | null, response: AppResponse): string | undefined {
  if (!said) return isHtml(response) ? undefined : response.text;
  const details = said.details
    .map(({ description }) => description)
    .filter(Boolean)
    .join('; ');
  const nameTaken = said.details.some(({ field, error }) => field === 'name' && error === 'DuplicateValue');
  const cure = 'Give that organization this external id in Zendesk, or give one of the two another name.';
  return [said.message, details, nameTaken ? cure : ''].filter(Boolean).join(' — ');
}

function isHtml(response: AppResponse): boolean {
  return (response.headers['content-type'] ?? '').includes('html') || /^\s*<(!doctype|html)/i.test(response.text);
}
