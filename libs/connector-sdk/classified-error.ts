/** From a connector's judgement to the error that the rest of Hawser knows. */
import { ERROR_CODES, HawserError, type Evidence } from '#domain/errors.js';
import { redactText } from '#domain/redact.js';
import type { AppResponse, Classification } from './connector.js';

/** A connector's own words behind the app's. */
export const withHint = (text: string, hint: string | undefined): string =>
  hint === undefined ? text : `${text}${/[.!?…]$/.test(text) ? '' : '.'} ${hint}`;

/** The HawserError of an unhappy answer. What the app said is redacted here: a verification's text goes into the actor's state as it is. */
export function classifiedError(
  judged: Extract<Classification, { kind: 'error' }>,
  response: AppResponse,
): HawserError {
  const evidence: Evidence = { at: response.at, status: response.status };
  if (judged.appCode !== undefined) evidence.appCode = redactText(judged.appCode);
  if (judged.appMessage !== undefined) evidence.appMessage = redactText(judged.appMessage);
  const said = evidence.appMessage ?? evidence.appCode;
  return new HawserError(
    judged.code,
    said === undefined ? undefined : withHint(`${ERROR_CODES[judged.code].text} The app says: ${said}`, judged.hint),
    {
      evidence,
      ...(judged.retryAfterMs === undefined ? {} : { retryAfterMs: judged.retryAfterMs }),
      ...(judged.requirement === undefined ? {} : { requirement: judged.requirement }),
    },
  );
}

/** What the app said with it, for a verification that is not accepted. */
export function evidenceOf(
  judged: Extract<Classification, { kind: 'error' }>,
  response: AppResponse,
): { evidence?: Evidence } {
  const { evidence } = classifiedError(judged, response).options;
  return evidence ? { evidence } : {};
}
