/** Judges any answer of the REST API (saas-apis.md 1.1 and 2.4); never by the status alone. Pure. */
import { appMessage } from '#connector-sdk/app-message.js';
import type { AppRequest, AppResponse, Classification } from '#connector-sdk/connector.js';
import { requirementKey } from '#connector-sdk/requirement-key.js';
import type { ErrorCode } from '#domain/errors.js';
import { addressedBy } from './endpoints.js';
import { API_REFUSED, ERROR_TABLE, NOT_CURED_BY_REFRESH, PLAIN_TEXT } from './error-table.js';
import { missingRightOf } from './missing-right.js';
import { saidError, type SaidError } from './said-error.js';

/** What an answer means. 401 and 403 never lead to more than one renewal; missing rights are named as requirement keys. */
export function classify(request: AppRequest, response: AppResponse): Classification {
  const said = saidError(response);
  const { status } = response;
  if (status >= 200 && status < 300 && !said) return judgeGood(response);
  if (status === 304) return { kind: 'ok' };
  const error = judge(request, response, said);
  return {
    kind: 'error',
    ...error,
    ...(said?.code ? { appCode: said.code } : {}),
    ...optional('appMessage', appMessage(said?.message ?? (isHtml(response) ? undefined : response.text))),
  };
}

type Judgement = { code: ErrorCode; refusedBeforeProcessing: boolean; requirement?: string; retryAfterMs?: number };

function judge(request: AppRequest, response: AppResponse, said: SaidError | null): Judgement {
  const { status } = response;
  if (said) {
    const special = judgeSession(status, said) ?? judgeNotFound(request, said) ?? missingRight(request, said);
    if (special) return special;
    const known = ERROR_TABLE.get(said.code);
    if (known) return { code: known.code, refusedBeforeProcessing: known.refused };
  }
  const plain = PLAIN_TEXT.get(response.text.trim());
  if (plain) return { code: plain.code, refusedBeforeProcessing: plain.refused };
  return judgeByStatus(request, status, isHtml(response) || response.json === null);
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
