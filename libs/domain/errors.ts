/**
 * The closed set of error codes, each named by what happens next (docs/decisions.md).
 * HTTP statuses are not here: only the gateway knows them.
 */

/** What happens next after a failure. */
export type ErrorClass = 'retry' | 'outcome_unknown' | 'refresh' | 'wait_for_human' | 'wait_for_operator' | 'stop';

/** Every code: its class and a sentence for people (what happened, what to do). Details are added by the place that fails. */
export const ERROR_CODES = {
  // --- the app or the way to it: repeat ---
  rate_limited: { class: 'retry', text: 'The app asks us to slow down. We repeat after the time it names.' },
  app_unavailable: {
    class: 'retry',
    text: 'The app does not answer properly at the moment. We repeat with growing pauses.',
  },
  app_conflict: { class: 'retry', text: 'The app was changing the same record. We repeat.' },
  token_endpoint_unavailable: {
    class: 'retry',
    text: "The app's token endpoint does not answer properly. We repeat with growing pauses; nobody needs to reconnect.",
  },
  credential_settling: {
    class: 'retry',
    text: 'The app refuses an access token that it issued a moment ago. It is proven again and what was refused is repeated; nothing is to be done yet.',
  },
  renewal_ambiguous: {
    class: 'retry',
    text: "The app's answer to a renewal was lost. The present access token serves on; the renewal is repeated near its end.",
  },
  connection_busy: { class: 'retry', text: 'The connection is being renewed. We repeat.' },
  busy: { class: 'retry', text: 'Hawser has more to do at the moment than it takes on at once. It is repeated soon.' },
  temporarily_unavailable: {
    class: 'retry',
    text: 'A part of Hawser is not reachable at the moment. Repeat the request.',
  },
  vault_unavailable: { class: 'retry', text: 'The vault cannot be reached. We repeat by ourselves.' },
  // --- may or may not have happened ---
  outcome_unknown: {
    class: 'outcome_unknown',
    text: 'The request may have reached the app, its answer did not reach us, and sending it again could do it twice. Look in the app, then rerun or cancel the job.',
  },
  // --- renew the credential ---
  access_token_rejected: { class: 'refresh', text: 'The app no longer accepts the access token. It is being renewed.' },
  // --- a human is needed ---
  never_authorized: { class: 'wait_for_human', text: 'The connection was never authorized. Press Connect.' },
  grant_revoked: {
    class: 'wait_for_human',
    text: 'The app says that the grant is expired, revoked or its password was changed. Reconnect.',
  },
  rotation_lost: {
    class: 'wait_for_human',
    text: "The app's answer to a renewal was lost and its tokens are single use. Reconnect.",
  },
  credential_rejected: {
    class: 'wait_for_human',
    text: 'The app does not accept the credential even though it was renewed. Reconnect.',
  },
  no_refresh_token: {
    class: 'wait_for_human',
    text: 'The access token has ended and the app gave no refresh token. Reconnect.',
  },
  connection_disconnected: {
    class: 'wait_for_human',
    text: 'The connection was disconnected by a user. Reconnect it.',
  },
  connection_deleted: {
    class: 'wait_for_human',
    text: 'The connection was deleted. Bind another connection or cancel the job.',
  },
  not_connected: {
    class: 'wait_for_human',
    text: 'No connection is bound, or the bound one is not connected. Connect it first.',
  },
  scope_missing: {
    class: 'wait_for_human',
    text: 'The grant lacks a scope that is needed. Reconnect and agree to it.',
  },
  right_missing: {
    class: 'wait_for_human',
    text: 'The connected user lacks a right at the app. Give it there, then press Verify.',
  },
  account_mismatch: {
    class: 'wait_for_human',
    text: 'Another user of the same instance has authorized. Accept or refuse the change.',
  },
  source_changed: {
    class: 'wait_for_human',
    text: 'The trigger now reads the same instance as another user, who may see other records. Choose where it reads on: change the recipe with `readFrom` "go_on", "now" or a date.',
  },
  instance_mismatch: {
    class: 'wait_for_human',
    text: 'Another instance of the app was authorized. Make a second connection for it.',
  },
  instance_replaced: {
    class: 'wait_for_human',
    text: 'The address leads to another organization now, as after a sandbox refresh. Accept or refuse the new one at the connection. What waited for the old one is not continued by itself, since its record ids may mean other records: rerun or cancel each job.',
  },
  // --- an operator is needed ---
  client_rejected: {
    class: 'wait_for_operator',
    text: "The app does not accept our app client's id or secret. Correct the app client; nobody needs to reconnect.",
  },
  network_refused: {
    class: 'wait_for_operator',
    text: 'The app refuses our network address for this user. Allow it at the app (login IP ranges, or the IP relaxation of our app there). The authorization is kept and renewed by itself; nobody needs to reconnect.',
  },
  outside_login_hours: {
    class: 'wait_for_operator',
    text: 'The app lets this user in at certain hours only. Widen them at the app, or wait for them. The authorization is kept and renewed by itself; nobody needs to reconnect.',
  },
  login_restricted: {
    class: 'wait_for_operator',
    text: 'The app refuses our network address for this user, or the hour; it does not say which. Look at the login IP ranges and login hours at the app. The authorization is kept and renewed by itself; nobody needs to reconnect.',
  },
  app_blocked: {
    class: 'wait_for_operator',
    text: 'An administrator of the app has to allow our app there: it is blocked, not installed, or not approved for this user. The authorization is kept and renewed by itself; nobody needs to reconnect.',
  },
  renewal_refused: {
    class: 'wait_for_operator',
    text: 'The app refuses to renew the access token for a reason of its own: see what it said, and settle that at the app. The renewal is repeated by itself; nobody needs to reconnect.',
  },
  key_missing: {
    class: 'wait_for_operator',
    text: 'The key that sealed this credential is not in the keyring. Put it back.',
  },
  payload_key_missing: {
    class: 'wait_for_operator',
    text: 'A process of Hawser lacks a key of what Temporal keeps, or the payload was damaged. Give it every payload key; nothing is lost, and waiting work goes on by itself.',
  },
  vault_damaged: {
    class: 'wait_for_operator',
    text: 'A sealed document of the vault cannot be opened. Restore it from a backup, or reconnect.',
  },
  actor_lost: {
    class: 'wait_for_operator',
    text: 'The connection has no running actor. Run `npm run doctor -- --rebuild`.',
  },
  app_misconfigured: {
    class: 'wait_for_operator',
    text: 'The address or the settings of the app look wrong: it answers, but not as this app does.',
  },
  address_refused: { class: 'wait_for_operator', text: 'The address is refused by the address policy.' },
  // --- attempts ---
  consent_denied: { class: 'stop', text: 'The user denied consent at the app.' },
  consent_blocked: {
    class: 'stop',
    text: 'The app has blocked our app there, or an administrator of the app must approve it first. Ask an administrator of the app, then authorize again.',
  },
  consent_scope_refused: {
    class: 'stop',
    text: 'The app does not give a scope that was asked for. Allow the scopes for our app client at the app, then authorize again.',
  },
  consent_client_refused: {
    class: 'stop',
    text: 'The app does not accept our app client, its callback address or our request. Correct the registration at the app, or choose another app client, then authorize again.',
  },
  consent_unavailable: {
    class: 'stop',
    text: 'The app cannot give its consent at the moment. Authorize again later.',
  },
  consent_failed: {
    class: 'stop',
    text: 'The app ended the authorization with an error: see what it said. Settle that at the app, then authorize again.',
  },
  attempt_expired: { class: 'stop', text: 'Nobody finished the authorization in time. Start it again.' },
  attempt_superseded: { class: 'stop', text: 'A newer attempt to authorize has taken the place of this one.' },
  attempt_cancelled: { class: 'stop', text: 'The attempt was cancelled.' },
  code_rejected: {
    class: 'stop',
    text: 'The app did not accept the authorization code. Start the authorization again.',
  },
  exchange_lost: {
    class: 'stop',
    text: 'The answer to the code exchange was lost and a code is single use. Start the authorization again.',
  },
  candidate_refused: {
    class: 'stop',
    text: 'The new grant was refused by a person or nobody decided in time. The old one stays in force.',
  },
  token_answer_invalid: { class: 'stop', text: "The app's token answer cannot be used." },
  callback_rejected: { class: 'stop', text: 'The callback is forged, late, used up, or comes from another browser.' },
  // --- jobs and recipes ---
  mapping_failed: { class: 'stop', text: 'A mapping could not be computed.' },
  record_gone: { class: 'stop', text: 'The record does not exist at the app any more.' },
  app_rejected_request: { class: 'stop', text: 'The app refused the request as invalid.' },
  rejected_though_proven: {
    class: 'stop',
    text: 'The app refuses this request as unauthorized although the credential was renewed and proven. Look at what the request asks for, then rerun the job.',
  },
  event_too_large: {
    class: 'stop',
    text: 'The record is larger than the 100 KB that a job may carry, so nothing was sent. Make the record smaller at the app, then rerun the job: it is read again. The limit is ours; nothing is wrong at the app.',
  },
  input_too_large: {
    class: 'stop',
    text: 'The input of the step is larger than 100 KB, so nothing was sent. Map less into it, then rerun the job.',
  },
  output_cut: {
    class: 'stop',
    text: 'The step reads what was cut from the output of an earlier one, so nothing was sent. Read less of it, then rerun the job.',
  },
  job_too_large: {
    class: 'stop',
    text: 'Another step might take the job over the 1 MB that it may carry, so that step was not begun. Let its steps hand on less, or make the recipe smaller.',
  },
  answer_too_large: {
    class: 'stop',
    text: "The app's answer is larger than what Hawser reads at once. The limit is ours; nothing is wrong at the app.",
  },
  field_unavailable: {
    class: 'stop',
    text: 'A field that the recipe reads of the event cannot be had, so it is empty. Correct its name, or let the connected user see it.',
  },
  step_unknown: { class: 'stop', text: 'The recipe names an operation that the connector does not have.' },
  job_cancelled: { class: 'stop', text: 'The job was cancelled.' },
  // --- requests to our own API ---
  request_invalid: { class: 'stop', text: 'The request is not valid.' },
  method_not_allowed: { class: 'stop', text: 'The path exists, but not with this method.' },
  not_found: { class: 'stop', text: 'There is no such thing in this workspace.' },
  conflict: { class: 'stop', text: 'The request does not fit the present state.' },
  in_use: { class: 'stop', text: 'It is in use. Remove its users first, or force it.' },
  unauthenticated: { class: 'stop', text: 'An API key is missing or not valid.' },
  host_refused: { class: 'stop', text: 'The Host header is not one that this gateway answers to.' },
  too_large: { class: 'stop', text: 'The body is too large or nested too deep.' },
  too_many_requests: { class: 'retry', text: 'Too many requests. Repeat after the time in Retry-After.' },
  idempotency_key_reused: { class: 'stop', text: 'The Idempotency-Key was used before with another body.' },
  internal: { class: 'stop', text: 'Hawser failed. The log has the details under the given instance.' },
} as const satisfies Record<string, { class: ErrorClass; text: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** Whether a text is one of our codes (failure types come back from Temporal as plain text). */
export function isErrorCode(text: unknown): text is ErrorCode {
  return typeof text === 'string' && Object.hasOwn(ERROR_CODES, text);
}

/** The class of a code: what happens next. */
export function errorClass(code: ErrorCode): ErrorClass {
  return ERROR_CODES[code].class;
}

/** A failure with its code. `detail` is a sentence for people and never contains a secret. */
export class HawserError extends Error {
  override readonly name = 'HawserError';

  constructor(
    readonly code: ErrorCode,
    readonly detail: string = ERROR_CODES[code].text,
    readonly options: {
      cause?: unknown;
      /** The field of the request that is at fault, as a JSON pointer. */
      pointer?: string;
      /** Milliseconds after which repeating makes sense (from Retry-After). */
      retryAfterMs?: number;
      /** The requirement key that is missing, such as `organizations:write`. */
      requirement?: string;
      /** What the app said, shortened and without secrets. */
      evidence?: Evidence;
    } = {},
  ) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
  }

  get class(): ErrorClass {
    return errorClass(this.code);
  }
}

/** What an app answered, kept as proof of a judgement. Texts are shortened and redacted before they come here. */
export interface Evidence {
  at: number;
  status?: number;
  appCode?: string;
  appMessage?: string;
}
