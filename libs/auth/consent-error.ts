/** What an app's `error` at the callback asks of whom (RFC 6749 section 4.1.2.1, and the words that vendors use beside it). Pure. */
import type { ErrorCode } from '#domain/errors.js';

type ConsentCode = Extract<ErrorCode, `consent_${string}`>;

/** Words in lower case, `_` for blanks and hyphens. */
const WORDS: readonly [ConsentCode, ReadonlySet<string>][] = [
  ['consent_denied', new Set(['access_denied', 'user_denied', 'user_cancelled', 'user_canceled'])],
  [
    'consent_blocked',
    new Set([
      'oauth_app_blocked', // Salesforce: an admin has blocked the app
      'oauth_app_access_denied', // Salesforce: the user's profile or permission set may not use it
      'oauth_approval_error_generic',
      'oauth_ec_app_not_found', // Salesforce: an external client app that the org has not installed
      'invalid_app_access',
      'user_not_admin_approved',
      'not_approved_by_admin',
      'admin_consent_required',
      'admin_approval_required',
      'approval_required',
      'admin_policy_enforced', // Google
      'org_internal', // Google
      'access_not_configured',
      'app_blocked',
      'app_not_approved',
    ]),
  ],
  [
    'consent_scope_refused',
    new Set(['invalid_scope', 'invalid_scopes', 'insufficient_scope', 'scope_not_allowed', 'unauthorized_scope_error']),
  ],
  [
    'consent_client_refused',
    new Set([
      'invalid_client_id', // Salesforce
      'invalid_client',
      'unauthorized_client',
      'client_not_found',
      'app_not_found',
      'unknown_client',
      'deleted_client', // Google
      'disabled_client',
      'inactive_client',
      'redirect_uri_mismatch',
      'invalid_redirect_uri',
      'redirect_uri_missing',
      'unsupported_response_type',
      'invalid_request',
    ]),
  ],
  [
    'consent_unavailable',
    new Set([
      'temporarily_unavailable',
      'server_error',
      'internal_error',
      'internal_server_error',
      'service_unavailable',
      'rate_limit_exceeded',
      'too_many_requests',
      'slow_down',
      'timeout',
    ]),
  ],
];

/** A denial whose reason is an administrator's doing, not the person's (Entra: "The grant requires admin permission"). */
const BY_ADMIN = /\badmin(istrator)?s?\b/i;

/** The code of an error word: who must do what. Unknown words end as `consent_failed`, with the app's words beside it. */
export function consentErrorCode(word: string, description: string | null = null): ConsentCode {
  const plain = word
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
  const code = WORDS.find(([, words]) => words.has(plain))?.[0] ?? 'consent_failed';
  return code === 'consent_denied' && description !== null && BY_ADMIN.test(description) ? 'consent_blocked' : code;
}
