/** OAuth 2.0 authorization code (RFC 6749 section 4.1) with PKCE (RFC 7636), on openid-client. */
import type { ConnectorManifest } from '#connector-sdk/manifest.js';
import type { Http } from '#http/http.js';
import type { TokenAnswer } from './token-answer.js';

export interface OAuthClient {
  clientId: string;
  /** Null = public client. */
  clientSecret: string | null;
}

export interface TokenCall {
  manifest: ConnectorManifest;
  settings: Record<string, string>;
  client: OAuthClient;
  http: Http;
  /** Nothing is sent at or after this moment (epoch ms): checked right before the first byte. Then: `transient`, not processed. */
  sendBefore?: number;
  /** Called right before the first byte: from here on the answer must be awaited and stored, whatever happens. */
  onSent?: () => void;
  /** Whole request; default 20 s. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** Trades a code for tokens. Throws TokenFailure (`dead` = code_rejected) or HawserError `address_refused`. */
export function exchangeCode(call: TokenCall & { code: string; verifier: string | null; redirectUri: string }): Promise<TokenAnswer> {
  throw new Error(`not yet ${typeof call}`);
}

/** Renews (RFC 6749 section 6). One request, never repeated here. Throws TokenFailure (`dead` = grant_revoked) or HawserError `address_refused`. */
export function refreshToken(call: TokenCall & { refreshToken: string }): Promise<TokenAnswer> {
  throw new Error(`not yet ${typeof call}`);
}

/**
 * Gives the grant back at the app, as the manifest's `revocation` says. Resolves `revoked` (also when the app no longer knows the
 * token), `unsupported` when the app has no way; throws TokenFailure `transient` or `client` when it could not be told.
 */
export function revokeToken(call: TokenCall & { accessToken: string; refreshToken: string | null }): Promise<'revoked' | 'unsupported'> {
  throw new Error(`not yet ${typeof call}`);
}
