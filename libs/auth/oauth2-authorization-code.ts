/** OAuth 2.0 authorization code (RFC 6749 section 4.1) with PKCE (RFC 7636), on openid-client. */
import * as openid from 'openid-client';
import type { ConnectorManifest } from '#connector-sdk/manifest.js';
import type { Http } from '#http/http.js';
import { SecretMask } from '#telemetry/secret-mask.js';
import { openidConfiguration } from './openid-configuration.js';
import type { TokenAnswer } from './token-answer.js';
import type { TokenGrant } from './token-error.js';
import type { TokenFailure } from './token-failure.js';
import { createTokenFetch, type TokenOutcome } from './token-fetch.js';

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
  /** Nothing is sent at or after this moment (epoch ms, by the clock of `http`): checked right before the first byte. Then: `transient`, not processed. */
  sendBefore?: number;
  /** Called right before the first byte: from here on the answer must be awaited and stored, whatever happens. When it throws, nothing is sent. */
  onSent?: () => void;
  /** Whole request; default 20 s. */
  timeoutMs?: number;
  /** Secrets of the credential at hand that this request does not carry: an app may quote them all the same. */
  inHand?: (string | null)[];
  /** Cancels until the first byte is out; ignored from then on. */
  signal?: AbortSignal;
}

const TIMEOUT_MS = 20_000;

/** Trades a code for tokens. Throws TokenFailure (`dead` = code_rejected) or HawserError `address_refused`. */
export async function exchangeCode(
  call: TokenCall & { code: string; verifier: string | null; redirectUri: string },
): Promise<TokenAnswer> {
  const { code, verifier, redirectUri } = call;
  const answer = await tokenRequest(call, 'authorization_code', (configuration) => {
    const callback = new URL(redirectUri);
    callback.searchParams.set('code', code);
    // `state` and `iss` were checked before (authorization-response.ts); the code alone travels here.
    return openid.authorizationCodeGrant(
      configuration,
      callback,
      verifier === null ? {} : { pkceCodeVerifier: verifier },
    );
  });
  return answer;
}

/** Renews (RFC 6749 section 6). One request, never repeated here. Throws TokenFailure (`dead` = grant_revoked) or HawserError `address_refused`. */
export function refreshToken(call: TokenCall & { refreshToken: string }): Promise<TokenAnswer> {
  return tokenRequest(call, 'refresh_token', (configuration) =>
    openid.refreshTokenGrant(configuration, call.refreshToken),
  );
}

async function tokenRequest(
  call: TokenCall,
  grant: TokenGrant,
  request: (configuration: openid.Configuration) => Promise<unknown>,
): Promise<TokenAnswer> {
  const outcome = await runTokenRequest(call, grant, request);
  if (outcome.answer) return outcome.answer;
  throw outcome.failure ?? new Error('The token request ended without an outcome.');
}

/** Runs one request of openid-client over our socket. Throws only what never went out and is no matter of transport. */
export async function runTokenRequest(
  call: TokenCall,
  grant: TokenGrant,
  request: (configuration: openid.Configuration) => Promise<unknown>,
): Promise<TokenOutcome> {
  const { manifest, settings, client, http, sendBefore, onSent, signal, timeoutMs = TIMEOUT_MS } = call;
  const format = manifest.auth.tokenRequestFormat;
  const mask = SecretMask.of(client.clientSecret, ...(call.inHand ?? []));
  const { fetch, outcome } = createTokenFetch({
    http,
    grant,
    format,
    timeoutMs,
    sendBefore,
    onSent,
    signal,
    mask,
    rules: manifest.auth.tokenErrors,
  });
  try {
    await request(openidConfiguration(manifest.auth, settings, client, fetch));
  } catch (error) {
    // openid-client wraps what fetch throws and what it reads; the kept outcome says more.
    if (!outcome.answer && !outcome.failure && !outcome.revoked) throw outcome.thrown ?? error;
  }
  return outcome;
}

/** Whether a thrown thing is a TokenFailure (by name: also across module copies). */
export function isTokenFailure(error: unknown): error is TokenFailure {
  return (error as Error | null)?.name === 'TokenFailure';
}
