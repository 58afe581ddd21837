/** From a connector's judgement to the error that the rest of Hawser knows. */
import { ERROR_CODES, HawserError, type Evidence } from '#domain/errors.js';
import type { AppResponse, Classification } from './connector.js';

/** The HawserError of an unhappy answer. Its evidence is shortened, not yet redacted: the worker does that before it keeps it. */
export function classifiedError(
  judged: Extract<Classification, { kind: 'error' }>,
  response: AppResponse,
): HawserError {
  const evidence: Evidence = { at: response.at, status: response.status };
  if (judged.appCode !== undefined) evidence.appCode = judged.appCode;
  if (judged.appMessage !== undefined) evidence.appMessage = judged.appMessage;
  const said = judged.appMessage ?? judged.appCode;
  return new HawserError(
    judged.code,
    said === undefined ? undefined : `${ERROR_CODES[judged.code].text} The app says: ${said}`,
    {
      evidence,
      ...(judged.retryAfterMs === undefined ? {} : { retryAfterMs: judged.retryAfterMs }),
      ...(judged.requirement === undefined ? {} : { requirement: judged.requirement }),
    },
  );
}
