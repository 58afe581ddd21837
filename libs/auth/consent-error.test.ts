import { ERROR_CODES } from '#domain/errors.js';
import { consentErrorCode } from './consent-error.js';

test.each([
  ['OAUTH_APP_BLOCKED', 'this app is blocked by admin', 'consent_blocked', /administrator/],
  ['access_denied', 'AADSTS90094: The grant requires admin permission.', 'consent_blocked', /administrator/],
  ['access-denied', 'end-user denied authorization', 'consent_denied', /denied/],
  ['invalid_scope', 'the requested scope is invalid', 'consent_scope_refused', /scope/],
  ['invalid_client_id', 'client identifier invalid', 'consent_client_refused', /app client/],
  ['redirect_uri_mismatch', null, 'consent_client_refused', /callback address/],
  ['temporarily_unavailable', null, 'consent_unavailable', /later/],
  ['server error', null, 'consent_unavailable', /later/],
  ['something_new', 'words of the app', 'consent_failed', /what it said/],
  ['constructor', null, 'consent_failed', /what it said/],
] as const)('g23: %s (%s) is %s', (word, description, code, cure) => {
  expect(consentErrorCode(word, description)).toBe(code);
  expect(ERROR_CODES[code].text).toMatch(cure);
});
