/** What an app's redirect said (RFC 6749 section 4.1.2). Pure; the caller has matched `state` to the browser before. */

export type AuthorizationResponse =
  | { kind: 'code'; code: string }
  /** The app's `error` (RFC 6749 section 4.1.2.1); `denied` = a person said no. */
  | { kind: 'error'; error: string; description: string | null; denied: boolean }
  | { kind: 'invalid'; reason: string };

/** Parameters that carry meaning for us; an app's further ones are left alone. */
const KNOWN = ['code', 'state', 'error', 'error_description', 'iss'] as const;

/** Salesforce's pages spell it with a hyphen in one place: libs/connectors/salesforce/README.md. */
const DENIED = new Set(['access_denied', 'access-denied', 'user_denied', 'user_cancelled', 'consent_denied']);

/** Checks the parameters: duplicates are refused (RFC 6749 section 3.1), `iss` must fit where one is expected (RFC 9207 section 2.4). */
export function readAuthorizationResponse(
  query: string | URLSearchParams,
  expected: { issuer: string | null },
): AuthorizationResponse {
  const parameters = typeof query === 'string' ? new URLSearchParams(query) : query;
  const duplicate = KNOWN.find((name) => parameters.getAll(name).length > 1);
  if (duplicate) return { kind: 'invalid', reason: `The parameter "${duplicate}" came more than once.` };
  // Checked before anything else is believed, errors included: that is what stops a mix-up.
  if (expected.issuer !== null && parameters.get('iss') !== expected.issuer) {
    return { kind: 'invalid', reason: 'The parameter "iss" does not name the app that was asked.' };
  }
  const error = parameters.get('error');
  const code = parameters.get('code');
  if (error !== null && error !== '') {
    if (code) return { kind: 'invalid', reason: 'The answer has both a code and an error.' };
    const word = error.slice(0, 100);
    return {
      kind: 'error',
      error: word,
      description: parameters.get('error_description')?.slice(0, 300) ?? null,
      denied: DENIED.has(error),
    };
  }
  if (code === null || code === '') return { kind: 'invalid', reason: 'The answer has neither a code nor an error.' };
  return { kind: 'code', code };
}
