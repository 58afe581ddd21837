/** Judges any answer of the REST API (README.md, "Errors"); never by the status alone. Pure. */
import { appMessage } from '#connector-sdk/app-message.js';
import type { AppRequest, AppResponse, Classification } from '#connector-sdk/connector.js';
import { requirementKey } from '#connector-sdk/requirement-key.js';
import { parseRetryAfter } from '#connector-sdk/retry-after.js';
import type { ErrorCode } from '#domain/errors.js';
import { addressedBy } from './endpoints.js';
import { duplicateHint } from './duplicate-hint.js';
import { API_REFUSED, ERROR_TABLE, LOCKED, NOT_CURED_BY_REFRESH, PLAIN_TEXT } from './error-table.js';
import { missingRightOf } from './missing-right.js';
import { saidError, type SaidError } from './said-error.js';

/** What an answer means. 401 and 403 never lead to more than one renewal; missing rights are named as requirement keys. */
export function classify(request: AppRequest, response: AppResponse): Classification {
  const said = saidError(response);
  const { status } = response;
  if (status >= 200 && status < 300 && !said) return judgeGood(response);
  if (status === 304) return { kind: 'ok' };
  const error = judgeAnswer(request, response, said);
  return {
    kind: 'error',
    ...error,
    ...(said?.code ? { appCode: said.code } : {}),
    ...optional('appMessage', appMessage(said?.message ?? (isHtml(response) ? undefined : response.text))),
    ...optional('hint', hintOf(error, said, response)),
  };
}

type Judgement = { code: ErrorCode; refusedBeforeProcessing: boolean; requirement?: string; retryAfterMs?: number };

function judgeAnswer(request: AppRequest, response: AppResponse, said: SaidError | null): Judgement {
  const { status } = response;
  // RFC 9110 section 15.6.4: the server did not handle the request, whoever says so (the API, or an edge in front of it).
  if (status === 503) return { code: 'app_unavailable', refusedBeforeProcessing: true, ...waitOf(response) };
  if (said) {
    // A trigger or a flow of the org met the lock, and its failure quotes it: the whole request was rolled back.
    if (LOCKED.test(said.message)) return { code: 'app_conflict', refusedBeforeProcessing: true };
    const special = judgeSession(status, said) ?? judgeNotFound(request, said) ?? missingRight(request, said);
    if (special) return special;
    const known = ERROR_TABLE.get(said.code);
    if (known) return { code: known.code, refusedBeforeProcessing: known.refused };
  }
  const plain = PLAIN_TEXT.get(response.text.trim());
  if (plain) return { code: plain.code, refusedBeforeProcessing: plain.refused };
  return judgeByStatus(request, status, isHtml(response) || response.json === null);
}

function waitOf({ headers, at }: AppResponse): { retryAfterMs?: number } {
  const retryAfterMs = parseRetryAfter(headers['retry-after'], at);
  return retryAfterMs === null ? {} : { retryAfterMs };
}

/** Objects and fields that a user may not see are, to the API, not there: a slip of the recipe looks the same. */
const HIDDEN_OR_MISTYPED: ReadonlySet<string> = new Set(['INVALID_FIELD', 'INVALID_TYPE', 'NOT_FOUND']);
const TWO_CAUSES =
  'Two causes look the same here: the connected user may not see it (give the right there, then press Verify), or the recipe names it wrongly (correct the recipe, then rerun the job: it is cancelled and runs the corrected version).';

function hintOf({ code }: Judgement, said: SaidError | null, response: AppResponse): string | undefined {
  if (said?.code === 'DUPLICATES_DETECTED') return duplicateHint(response.json);
  return code === 'right_missing' && said && HIDDEN_OR_MISTYPED.has(said.code) ? TWO_CAUSES : undefined;
}

function judgeByStatus(request: AppRequest, status: number, foreign: boolean): Judgement {
  if (status === 429) return { code: 'rate_limited', refusedBeforeProcessing: true };
  if (status >= 500) return { code: 'app_unavailable', refusedBeforeProcessing: false };
  if (status === 401) return { code: 'access_token_rejected', refusedBeforeProcessing: true };
  // 300: several records have this external id; the body lists their addresses (2.4).
  if (status === 300) return { code: 'app_rejected_request', refusedBeforeProcessing: true };
  if (status >= 300 && status < 400) return { code: 'app_misconfigured', refusedBeforeProcessing: true };
  if (status === 410) return { code: 'app_misconfigured', refusedBeforeProcessing: true };
  // An HTML page is not from the API: maintenance, an edge, a moved instance (1.1, "down").
  if (foreign) return { code: 'app_unavailable', refusedBeforeProcessing: false };
  if (status === 403)
    return { code: 'right_missing', refusedBeforeProcessing: true, requirement: request.requirement ?? API_USE };
  return { code: 'app_rejected_request', refusedBeforeProcessing: true };
}

/** The right to use the API at all. */
export const API_USE = requirementKey('api', 'use');

function judgeSession(status: number, said: SaidError): Judgement | null {
  const uncured = status === 401 && NOT_CURED_BY_REFRESH.test(said.message);
  if (uncured || API_REFUSED.has(said.code))
    return { code: 'right_missing', refusedBeforeProcessing: true, requirement: API_USE };
  const session = said.code === 'INVALID_SESSION_ID' || said.code === 'INVALID_AUTH_HEADER' || status === 401;
  return session ? { code: 'access_token_rejected', refusedBeforeProcessing: true } : null;
}

/** NOT_FOUND means a hidden object where an object is addressed, a hidden field where an external id is, else a record that is gone. */
function judgeNotFound(request: AppRequest, said: SaidError): Judgement | null {
  if (said.code !== 'NOT_FOUND') return null;
  const addressed = addressedBy(request.path);
  const field = /external ID field does not exist or is not accessible: (\w+)/i.exec(said.message)?.[1];
  const refusedBeforeProcessing = true;
  if (addressed && field)
    return {
      code: 'right_missing',
      refusedBeforeProcessing,
      requirement: requirementKey(`${addressed.object}.${field}`, 'read'),
    };
  if (addressed && !addressed.record) {
    return {
      code: 'right_missing',
      refusedBeforeProcessing,
      requirement: request.requirement ?? requirementKey(addressed.object, 'read'),
    };
  }
  return { code: 'record_gone', refusedBeforeProcessing };
}

function missingRight(request: AppRequest, said: SaidError): Judgement | null {
  const requirement = missingRightOf(request, said);
  return requirement === null ? null : { code: 'right_missing', refusedBeforeProcessing: true, requirement };
}

/** 2xx with a foreign page is a proxy or a login page; 2xx with `success: false` was read as an error before. */
function judgeGood(response: AppResponse): Classification {
  if (!isHtml(response)) return { kind: 'ok' };
  return {
    kind: 'error',
    code: 'app_unavailable',
    refusedBeforeProcessing: false,
    appMessage: 'An HTML page instead of JSON.',
  };
}

function isHtml(response: AppResponse): boolean {
  return (response.headers['content-type'] ?? '').includes('html') || /^\s*<(!doctype|html)/i.test(response.text);
}

function optional<Name extends string>(name: Name, value: string | undefined): { [key in Name]?: string } {
  return (value === undefined ? {} : { [name]: value }) as { [key in Name]?: string };
}
