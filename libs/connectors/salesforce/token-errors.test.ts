/** Salesforce's own token errors: what passes, what an administrator must do, and what is the end of the grant. */
import { tokenErrorOf } from '#auth/token-error.js';
import { readTokenBody } from '#auth/read-token-body.js';
import { SecretMask } from '#telemetry/secret-mask.js';
import { salesforceManifest } from './manifest.js';

const failureOf = (error: string, error_description = '', status = 400, headers: Record<string, string> = {}) => {
  const text = JSON.stringify({ error, error_description });
  const rules = salesforceManifest.auth.tokenErrors;
  return tokenErrorOf({ status, headers, text, at: 1 }, readTokenBody(text), 'refresh_token', SecretMask.of(), rules);
};
const operator = (code: string) => ({ kind: 'client', code, mayHaveBeenProcessed: false });
const busy = { kind: 'transient', code: 'connection_busy', mayHaveBeenProcessed: false, retryAfterMs: 2_000 };
const dead = { kind: 'dead', code: 'grant_revoked' };

test.each<[string, string, object]>([
  ['invalid_grant', 'token request is already being processed', busy],
  ['invalid_grant', 'Token request is ALREADY BEING PROCESSED.', busy],
  ['invalid_grant', 'ip restricted', operator('network_refused')],
  ['invalid_grant', 'IP range not allowed', operator('network_refused')],
  ['invalid_grant', 'invalid login hours', operator('outside_login_hours')],
  ['invalid_grant', 'IP restricted or invalid login hours', operator('login_restricted')],
  ['invalid_grant', 'this app is blocked by admin', operator('app_blocked')],
  ['invalid_grant', 'user is not admin approved to access this app', operator('app_blocked')],
  ['OAUTH_APP_BLOCKED', 'this app has been blocked by an administrator', operator('app_blocked')],
  ['app_not_found', 'External client app is not installed in this org', operator('app_blocked')],
  ['invalid_app_access', 'user is not admin approved to access this app', operator('app_blocked')],
  ['OAUTH_EC_APP_NOT_FOUND', '', operator('app_blocked')],
  ['invalid_client', 'invalid client credentials', operator('client_rejected')],
  ['invalid_grant', 'expired access/refresh token', dead],
  ['invalid_grant', "user hasn't approved this consumer", dead],
  ['invalid_grant', 'authentication failure', dead],
  ['inactive_user', 'user is inactive', dead],
])('g21 g24: %s "%s"', (word, description, expected) => {
  const failure = failureOf(word, description);
  expect(failure).toMatchObject(expected);
  expect(failure.evidence).toMatchObject({ appCode: word, ...(description && { appMessage: description }) });
});

test('g21: a 5xx or a 429 judges nothing, whatever it says; Retry-After is believed', () => {
  expect(failureOf('invalid_grant', 'ip restricted', 503)).toMatchObject({
    kind: 'transient',
    code: 'token_endpoint_unavailable',
  });
  expect(failureOf('app_not_found', '', 429)).toMatchObject({ kind: 'transient', mayHaveBeenProcessed: false });
  const busyFor = failureOf('invalid_grant', 'token request is already being processed', 400, { 'retry-after': '9' });
  expect(busyFor).toMatchObject({ retryAfterMs: 9_000 });
});

test('g21: another app that says the same words means what RFC 6749 says', () => {
  const text = JSON.stringify({ error: 'invalid_grant', error_description: 'ip restricted' });
  const response = { status: 400, headers: {}, text, at: 1 };
  expect(tokenErrorOf(response, readTokenBody(text), 'refresh_token', SecretMask.of())).toMatchObject(dead);
});
