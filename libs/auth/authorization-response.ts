/** What an app's redirect said. Pure; the caller has matched `state` to the browser before. */
export type AuthorizationResponse =
  | { kind: 'code'; code: string }
  /** The app's `error` (RFC 6749 section 4.1.2.1): `consent_denied` for access_denied, else the error word is kept. */
  | { kind: 'error'; error: string; description: string | null; denied: boolean }
  | { kind: 'invalid'; reason: string };

/** Checks the parameters of a callback: duplicates are refused (RFC 6749 section 3.1), `iss` must fit where one is expected (RFC 9207 section 2.4). */
export function readAuthorizationResponse(query: string | URLSearchParams, expected: { issuer: string | null }): AuthorizationResponse {
  throw new Error(`not yet ${typeof query} ${typeof expected}`);
}
