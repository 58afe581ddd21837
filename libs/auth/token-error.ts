/** Judges an unhappy answer of a token endpoint (RFC 6749 section 5.2; some apps say errors with status 200, HTML or words of their own). Pure. */
import type { ErrorCode, Evidence } from '#domain/errors.js';
import type { TokenErrorRule } from '#connector-sdk/manifest.js';
import { parseRetryAfter } from '#connector-sdk/retry-after.js';
import type { HttpResponse } from '#http/http.js';
import { redactText } from '#domain/redact.js';
import { isFields, type TokenFields } from './read-token-body.js';
import { SecretMask } from '#telemetry/secret-mask.js';
import { tokenAnswerOf } from './token-answer.js';
import { TokenFailure, type TokenFailureKind } from './token-failure.js';

export type TokenGrant = 'authorization_code' | 'refresh_token' | 'revocation';

/** Error words, in lower case with `_` for spaces and hyphens. */
const WORDS: Record<TokenFailureKind, ReadonlySet<string>> = {
  dead: new Set([
    'invalid_grant',
    'invalid_code', // Zoho, for a revoked refresh token too
    'invalid_refresh_token',
    'bad_refresh_token', // GitHub
    'bad_verification_code', // GitHub
    'token_expired',
    'token_revoked',
    'expired_token',
    'inactive_user', // Salesforce
    'inactive_org',
    'interaction_required', // Entra
    'consent_required',
    'login_required',
  ]),
  client: new Set([
    'invalid_client',
    'invalid_client_id', // Salesforce
    'invalid_client_secret', // Zoho
    'bad_client_secret',
    'incorrect_client_credentials', // GitHub
    'unauthorized_client',
    'client_not_found',
    'redirect_uri_mismatch', // registered at the app client
    'oauth_app_blocked', // Salesforce: the admin blocked the app
  ]),
  transient: new Set([
    'temporarily_unavailable',
    'server_error',
    'slow_down',
    'rate_limit_exceeded', // Salesforce
    'ratelimited', // Slack
    'too_many_requests',
    'access_denied', // Zoho, when throttled
    'internal_error',
    'service_unavailable',
  ]),
  rejected: new Set(['invalid_request', 'invalid_scope', 'unsupported_grant_type', 'unsupported_token_type']),
};

/** Refused before the token endpoint did anything: the words of throttling. */
const THROTTLED = new Set([
  'slow_down',
  'rate_limit_exceeded',
  'ratelimited',
  'too_many_requests',
  'access_denied',
  'temporarily_unavailable',
]);

/** The error word and its description in an answer, wherever apps put them. */
export function errorWordOf(fields: TokenFields | null): { word: string | null; description: string | null } {
  if (!fields) return { word: null, description: null };
  const error = fields.error ?? fields.error_code ?? fields.code ?? fields.errorCode;
  const nested = isFields(error) ? (error.code ?? error.type ?? error.error ?? error.title) : error;
  const described =
    fields.error_description ?? fields.description ?? fields.message ?? (isFields(error) ? error.message : undefined);
  return {
    word: typeof nested === 'string' && nested.trim() !== '' ? nested.trim() : null,
    description: typeof described === 'string' && described.trim() !== '' ? described.trim() : null,
  };
}

/**
 * The failure that an answer without a token means. `fields` = what the body holds, null for HTML and other unreadable text.
 * `mask` = every secret in hand: an app may quote any of them. `rules` = the app's own errors (its manifest).
 */
export function tokenErrorOf(
  response: HttpResponse,
  fields: TokenFields | null,
  grant: TokenGrant,
  mask: SecretMask,
  rules: readonly TokenErrorRule[] = [],
): TokenFailure {
  const { word, description } = errorWordOf(fields);
  const key = word?.toLowerCase().replace(/[\s-]+/g, '_') ?? null;
  const judged =
    judgeByRules(rules, response.status, key, description) ??
    judgeRefusal(response.status, key, fields !== null, 'www-authenticate' in response.headers);
  const code = judged.code ?? codeOf(judged.kind, grant);
  const all = mask.with(tokensIn(fields));
  const evidence: Evidence = { at: response.at, status: response.status };
  if (word !== null) evidence.appCode = redactText(all.text(word), 100);
  if (description !== null) evidence.appMessage = redactText(all.text(description), 300);
  return new TokenFailure({
    kind: judged.kind,
    code,
    message: `The token endpoint answered ${response.status}${evidence.appCode ? ` ${evidence.appCode}` : fields ? '' : ' without a readable body'}.`,
    appError: evidence.appCode ?? null,
    mayHaveBeenProcessed: judged.processed,
    retryAfterMs: parseRetryAfter(response.headers['retry-after'], response.at) ?? judged.retryAfterMs ?? null,
    evidence,
  });
}

/** An error may come with tokens beside it, and quote them. */
function tokensIn(fields: TokenFields | null): SecretMask {
  const answer = fields && tokenAnswerOf(fields, 0);
  return SecretMask.of(answer?.accessToken, answer?.refreshToken);
}

interface Judgement {
  kind: TokenFailureKind;
  processed: boolean;
  code?: ErrorCode;
  retryAfterMs?: number;
}

/** Another request with the same token is under way at the app: over in moments. */
const BUSY_MS = 2_000;

const MEANINGS: Record<TokenErrorRule['means'], Judgement> = {
  busy: { kind: 'transient', processed: false, code: 'connection_busy', retryAfterMs: BUSY_MS },
  network: { kind: 'client', processed: false, code: 'network_refused' },
  hours: { kind: 'client', processed: false, code: 'outside_login_hours' },
  network_or_hours: { kind: 'client', processed: false, code: 'login_restricted' },
  blocked: { kind: 'client', processed: false, code: 'app_blocked' },
};

/** What the app's own data make of it. A 5xx or 429 is no judgement, whatever it says. */
function judgeByRules(
  rules: readonly TokenErrorRule[],
  status: number,
  key: string | null,
  description: string | null,
): Judgement | null {
  if (key === null || status === 429 || status >= 500) return null;
  const said = (description ?? '').toLowerCase();
  const rule = rules.find(({ words, says = [] }) => words.includes(key) && says.every((part) => said.includes(part)));
  return rule ? MEANINGS[rule.means] : null;
}

function judgeRefusal(status: number, key: string | null, readable: boolean, challenged: boolean): Judgement {
  // RFC 6585 section 4 and RFC 9110 section 15.6.4: both say that the server did not handle the request. A 503 is thus no lost answer.
  if (status === 429 || status === 503) return { kind: 'transient', processed: false };
  // Whatever another 5xx says: it is no evidence against the grant (some apps answer 500 to every failure), and the work may have been done.
  if (status >= 500) return { kind: 'transient', processed: key === null || !THROTTLED.has(key) };
  if (key !== null) {
    if (WORDS.dead.has(key)) return { kind: 'dead', processed: false };
    if (WORDS.client.has(key)) return { kind: 'client', processed: false };
    if (WORDS.transient.has(key)) return { kind: 'transient', processed: !THROTTLED.has(key) };
    if (WORDS.rejected.has(key)) return { kind: 'rejected', processed: false };
  }
  if (status === 408) return { kind: 'transient', processed: true };
  // RFC 6749 section 5.2: 401 is for a client that is not accepted. HTML with 401 or 403 is a firewall in between.
  if (status === 401 && (readable || challenged)) return { kind: 'client', processed: false };
  if ((status >= 300 && status < 400) || status === 404 || status === 405 || status === 410) {
    return { kind: 'transient', processed: false, code: 'app_misconfigured' };
  }
  if (status >= 400) return readable ? { kind: 'rejected', processed: false } : { kind: 'transient', processed: false };
  // 2xx without a token: an error of the app's own making when it has a word, else an answer of somebody else (a login page).
  if (key !== null) return { kind: 'rejected', processed: false };
  return { kind: 'transient', processed: true, ...(readable ? { code: 'token_answer_invalid' as const } : {}) };
}

function codeOf(kind: TokenFailureKind, grant: TokenGrant): ErrorCode {
  if (kind === 'dead') return grant === 'authorization_code' ? 'code_rejected' : 'grant_revoked';
  if (kind === 'client') return 'client_rejected';
  return kind === 'transient' ? 'token_endpoint_unavailable' : 'app_rejected_request';
}
