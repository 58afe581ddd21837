/** How a token request failed, named by what happens next. */
import type { ErrorCode, Evidence } from '#domain/errors.js';

/**
 * `dead`: the grant (or the code) is not accepted any more. `client`: our app client, our network or the hour is not accepted (see the
 * code); nobody needs to reconnect.
 * `transient`: no judgement at all; repeat with care. `rejected`: the request itself is refused; repeating is useless.
 */
export type TokenFailureKind = 'dead' | 'client' | 'transient' | 'rejected';

export class TokenFailure extends Error {
  override readonly name = 'TokenFailure';
  readonly kind: TokenFailureKind;
  /** `grant_revoked`, `code_rejected`, `client_rejected`, `token_endpoint_unavailable`, `app_misconfigured`, `token_answer_invalid` … */
  readonly code: ErrorCode;
  /** The app's `error` word, if it said one. */
  readonly appError: string | null;
  /** The app may have done the work (spent the refresh token or the code) although no usable answer came. */
  readonly mayHaveBeenProcessed: boolean;
  readonly retryAfterMs: number | null;
  readonly evidence: Evidence;

  constructor(facts: {
    kind: TokenFailureKind;
    code: ErrorCode;
    message: string;
    appError?: string | null;
    mayHaveBeenProcessed: boolean;
    retryAfterMs?: number | null;
    evidence: Evidence;
    cause?: unknown;
  }) {
    super(facts.message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.kind = facts.kind;
    this.code = facts.code;
    this.appError = facts.appError ?? null;
    this.mayHaveBeenProcessed = facts.mayHaveBeenProcessed;
    this.retryAfterMs = facts.retryAfterMs ?? null;
    this.evidence = facts.evidence;
  }
}
