/** What a callback is worth. Pure: the rules of AS-10 in the order in which they are looked at. */
import { readAuthorizationResponse, type AuthorizationResponse } from '#auth/authorization-response.js';
import { consentErrorCode } from '#auth/consent-error.js';
import type { AttemptDocument } from '#store/documents.js';
import { redactText } from '#domain/redact.js';
import { SecretMask } from '#telemetry/secret-mask.js';
import { cookieName, readCookie } from './browser-cookie.js';
import { hashToken, matchesHash } from './link-token.js';

/** What the app said. */
export type Answer = { kind: 'code'; code: string } | { kind: 'error'; error: string; description?: string };

export type CallbackVerdict =
  /** The first answer: to be stored. */
  | Answer
  /** The same browser again: the signal is repeated, nothing is stored. */
  | { kind: 'repeat' }
  /** `reason` is for the log; people see one text for all. */
  | { kind: 'refused'; reason: string };

export interface Callback {
  query: URLSearchParams;
  cookies: string | undefined;
  now: number;
  /** What `iss` must be, where the app offers it (RFC 9207). */
  issuer: string | null;
}

export function judgeCallback(attempt: AttemptDocument, { query, cookies, now, issuer }: Callback): CallbackVerdict {
  const response = readAuthorizationResponse(query, { issuer });
  if (response.kind === 'invalid') return refused(response.reason);
  const answer: Answer =
    response.kind === 'code'
      ? { kind: 'code', code: response.code }
      : { kind: 'error', ...errorOf(response, maskOf(query, cookies)) };
  const answered = attempt.answeredAt !== null;
  const state = query.get('state') ?? '';
  if (!matchesHash(answered ? boundAnswer(state, answer) : state, attempt.stateHash)) return refused('state');
  const cookie = readCookie(cookies, cookieName(attempt._id));
  if (cookie === null || !matchesHash(cookie, attempt.cookieHash)) return refused('browser');
  if (answered) return { kind: 'repeat' };
  if (attempt.status !== 'opened') return refused('status');
  return attempt.expiresAt <= now ? refused('late') : answer;
}

/** What is in hand, and what no evidence may quote. */
function maskOf(query: URLSearchParams, cookies = ''): SecretMask {
  const [, stateSecret] = (query.get('state') ?? '').split('.');
  return SecretMask.of(query.get('state'), stateSecret, ...cookies.split(/[;=]/));
}

/** The app's words become evidence, and evidence is plain: an app, or whoever made the address up, may have put a secret there. */
function errorOf(
  { error, description, denied }: Extract<AuthorizationResponse, { kind: 'error' }>,
  inHand: SecretMask,
): { error: string; description?: string } {
  const word = denied ? 'access_denied' : redactText(inHand.text(error), 100).replace(/[^\w.-]/g, '_');
  const said = description === null ? '' : redactText(inHand.text(description));
  // A person's plain "no" needs no words of the app.
  return said === '' || consentErrorCode(word, said) === 'consent_denied'
    ? { error: word }
    : { error: word, description: said };
}

/**
 * With the answer the attempt's `stateHash` becomes that of state and answer together: from then on only the very same
 * callback matches, and another code is refused without the first one being opened or kept in plain.
 */
export const answeredStateHash = (state: string, answer: Answer): string => hashToken(boundAnswer(state, answer));

function boundAnswer(state: string, answer: Answer): string {
  return `${state} ${answer.kind} ${answer.kind === 'code' ? answer.code : answer.error}`;
}

function refused(reason: string): CallbackVerdict {
  return { kind: 'refused', reason };
}
