/** From a connector's judgement to the error that the rest of Hawser knows. */
import { ERROR_CODES, errorClass, HawserError, type ErrorCode, type Evidence } from '#domain/errors.js';
import { redactText } from '#domain/redact.js';
import type { AppRequest, AppResponse, Classification } from './connector.js';

/** A connector's own words behind the app's. */
export const withHint = (text: string, hint: string | undefined): string =>
  hint === undefined ? text : `${text}${/[.!?…]$/.test(text) ? '' : '.'} ${hint}`;

type Unhappy = Extract<Classification, { kind: 'error' }>;

/** Whether sending it twice does no more than once. */
export const isIdempotent = (request: AppRequest): boolean => request.idempotent ?? request.method === 'GET';

/**
 * The failure that an unhappy answer means. With its request: a fault after one that must not be sent twice leaves its outcome unknown,
 * unless the app surely refused it before it did anything. What the app said is redacted here: a verification's text goes into the
 * actor's state as it is.
 */
export function classifiedError(judged: Unhappy, response: AppResponse, request?: AppRequest): HawserError {
  const evidence: Evidence = { at: response.at, status: response.status };
  if (judged.appCode !== undefined) evidence.appCode = redactText(judged.appCode);
  if (judged.appMessage !== undefined) evidence.appMessage = redactText(judged.appMessage);
  const code = request ? codeAfter(request, judged) : judged.code;
  const said = evidence.appMessage ?? evidence.appCode ?? (request && `HTTP ${response.status}`);
  const text = request && code === 'outcome_unknown' ? ANSWERED_UNKNOWN : ERROR_CODES[code].text;
  const requirement = judged.requirement ?? (errorClass(code) === 'wait_for_human' ? request?.requirement : undefined);
  return new HawserError(
    code,
    said === undefined ? undefined : withHint(`${text} The app says: ${said}`, judged.hint),
    {
      evidence,
      ...(judged.retryAfterMs === undefined ? {} : { retryAfterMs: judged.retryAfterMs }),
      ...(requirement === undefined ? {} : { requirement }),
    },
  );
}

/** Unlike the code's own sentence: an answer did reach us. */
const ANSWERED_UNKNOWN =
  'The app answered with a failure that does not say whether the request was done, and sending it again could do it twice. Look in the app, then rerun or cancel the job.';

function codeAfter(request: AppRequest, judged: Unhappy): ErrorCode {
  const kind = errorClass(judged.code);
  if (judged.refusedBeforeProcessing) return judged.code;
  if (isIdempotent(request)) return kind === 'outcome_unknown' ? 'app_unavailable' : judged.code;
  return kind === 'retry' ? 'outcome_unknown' : judged.code;
}

/** What the app said with it, for a verification that is not accepted. */
export function evidenceOf(judged: Unhappy, response: AppResponse): { evidence?: Evidence } {
  const { evidence } = classifiedError(judged, response).options;
  return evidence ? { evidence } : {};
}
