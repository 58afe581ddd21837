/** The only place that knows HTTP statuses: code -> status (design.md section 5). */
import type { ErrorCode } from '#domain/errors.js';

/**
 * 4xx: the caller, or a person, can do something about it; 409 where the thing is in the way of itself.
 * 503: repeating later makes sense (Retry-After comes with it), also when an operator must act first.
 */
export const HTTP_STATUS: Readonly<Record<ErrorCode, number>> = {
  rate_limited: 503,
  app_unavailable: 503,
  app_conflict: 409,
  token_endpoint_unavailable: 503,
  renewal_ambiguous: 503,
  connection_busy: 503,
  temporarily_unavailable: 503,
  outcome_unknown: 409,
  access_token_rejected: 409,
  never_authorized: 409,
  grant_revoked: 409,
  rotation_lost: 409,
  credential_rejected: 409,
  no_refresh_token: 409,
  connection_disconnected: 409,
  connection_deleted: 409,
  not_connected: 409,
  scope_missing: 409,
  right_missing: 409,
  account_mismatch: 409,
  instance_mismatch: 409,
  client_rejected: 409,
  key_missing: 503,
  vault_damaged: 503,
  vault_unavailable: 503,
  actor_lost: 503,
  app_misconfigured: 409,
  address_refused: 409,
  consent_denied: 409,
  attempt_expired: 409,
  attempt_superseded: 409,
  attempt_cancelled: 409,
  code_rejected: 409,
  exchange_lost: 409,
  candidate_refused: 409,
  token_answer_invalid: 409,
  callback_rejected: 400,
  mapping_failed: 409,
  record_gone: 404,
  app_rejected_request: 422,
  step_unknown: 409,
  job_cancelled: 409,
  request_invalid: 400,
  not_found: 404,
  conflict: 409,
  in_use: 409,
  unauthenticated: 401,
  host_refused: 421,
  too_large: 413,
  too_many_requests: 429,
  idempotency_key_reused: 409,
  internal: 500,
};

/** Seconds for Retry-After when a 503 does not bring its own time. */
export const DEFAULT_RETRY_AFTER_S = 2;
