/** What a callback is worth. Pure: the rules of AS-10 in the order in which they are looked at. */
import { readAuthorizationResponse } from '#auth/authorization-response.js';
import type { AttemptDocument } from '#store/documents.js';
import { cookieName, readCookie } from './browser-cookie.js';
import { matchesHash } from './link-token.js';

export type CallbackVerdict =
  /** The first answer: to be stored. */
  | { kind: 'code'; code: string }
  | { kind: 'error'; error: string }
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
  const states = query.getAll('state');
  if (states.length !== 1 || !matchesHash(states[0] ?? '', attempt.stateHash)) return refused('state');
  const cookie = readCookie(cookies, cookieName(attempt._id));
  if (cookie === null || !matchesHash(cookie, attempt.cookieHash)) return refused('browser');
  if (attempt.status === 'answered' || (attempt.status === 'closed' && attempt.answeredAt !== null)) return { kind: 'repeat' };
  if (attempt.status !== 'opened') return refused('status');
  if (attempt.expiresAt <= now) return refused('late');
  const response = readAuthorizationResponse(query, { issuer });
  if (response.kind === 'invalid') return refused(response.reason);
  if (response.kind === 'code') return { kind: 'code', code: response.code };
  return { kind: 'error', error: response.denied ? 'access_denied' : response.error.replace(/[^\w.-]/g, '_') };
}

function refused(reason: string): CallbackVerdict {
  return { kind: 'refused', reason };
}
