/** Gives a grant back at the app, as the manifest's `revocation` says. */
import * as openid from 'openid-client';
import { fillTemplate } from '#connector-sdk/authorize-url.js';
import { refreshToken, isTokenFailure, runTokenRequest, type TokenCall } from './oauth2-authorization-code.js';
import { SecretMask } from '#telemetry/secret-mask.js';
import { tokenErrorOf } from './token-error.js';
import { readTokenBody } from './read-token-body.js';
import { tokenFailureOfTransport } from './token-transport-failure.js';
import { clockOf } from '#http/http.js';

export type RevokeCall = TokenCall & {
  accessToken: string;
  refreshToken: string | null;
  /**
   * Renews an access token that has ended, so that it can ask for its own end. Whoever must find the new token again after a crash
   * stores it before this resolves. Default: one request, its answer known here alone.
   */
  renew?: (refreshToken: string) => Promise<{ accessToken: string; refreshToken: string | null }>;
};

/**
 * Resolves `revoked` (also when the app no longer knows the token), or `unsupported` when the app has no way.
 * Throws TokenFailure when the app could not be told (`transient`, `client`, `rejected`), or HawserError `address_refused`.
 */
export async function revokeToken(call: RevokeCall): Promise<'revoked' | 'unsupported'> {
  const { revocation } = call.manifest.auth;
  if (!revocation) return 'unsupported';
  if (revocation.kind === 'bearer_request') return revokeByBearer(call, revocation);
  const refresh = revocation.token === 'refresh_token' ? call.refreshToken : null;
  const hint = refresh === null ? 'access_token' : 'refresh_token';
  const outcome = await runTokenRequest(withInHand(call), 'revocation', (configuration) =>
    openid.tokenRevocation(configuration, refresh ?? call.accessToken, { token_type_hint: hint }),
  );
  if (outcome.revoked) return 'revoked';
  throw outcome.failure ?? new Error('The revocation ended without an outcome.');
}

async function revokeByBearer(
  call: RevokeCall,
  revocation: { method: string; url: string; gone: number[] },
): Promise<'revoked'> {
  const first = await sendBearer(call, revocation, call.accessToken);
  if (first.status !== 401) return endedOrThrow(call, first, revocation.gone);
  if (call.refreshToken === null) return 'revoked';
  // The access token has merely expired, perhaps: the refresh token lives on until somebody ends it.
  const { sendBefore: _, onSent: __, ...rest } = call;
  const { renew = (token: string) => refreshToken({ ...withInHand(rest), refreshToken: token }) } = call;
  try {
    const renewed = await renew(call.refreshToken);
    const renewedCall = { ...call, inHand: [...(call.inHand ?? []), renewed.accessToken, renewed.refreshToken] };
    return await withTwoRepeats(async () =>
      endedOrThrow(renewedCall, await sendBearer(call, revocation, renewed.accessToken), revocation.gone),
    );
  } catch (error) {
    if (isTokenFailure(error) && error.kind === 'dead') return 'revoked';
    throw error;
  }
}

async function sendBearer(call: RevokeCall, revocation: { method: string; url: string }, accessToken: string) {
  const { http, manifest, settings, timeoutMs = 20_000, signal } = call;
  try {
    return await http.send({
      method: revocation.method,
      url: fillTemplate(revocation.url, manifest.auth, settings),
      headers: { authorization: `Bearer ${accessToken}`, accept: 'application/json' },
      timeoutMs,
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    throw tokenFailureOfTransport(error, clockOf(http)()) ?? error;
  }
}

const withInHand = <Call extends RevokeCall>(call: Call): Call => ({
  ...call,
  inHand: [...(call.inHand ?? []), call.accessToken, call.refreshToken],
});

function endedOrThrow(call: RevokeCall, response: Awaited<ReturnType<typeof sendBearer>>, gone: number[]): 'revoked' {
  if ((response.status >= 200 && response.status < 300) || gone.includes(response.status)) return 'revoked';
  const mask = SecretMask.of(call.client.clientSecret, ...(withInHand(call).inHand ?? []));
  throw tokenErrorOf(response, readTokenBody(response.text), 'revocation', mask);
}

const PAUSES_MS = [500, 2_000];

/** The renewed token is known here alone: what is not told now can never be told, so a failure is repeated at once, twice. */
async function withTwoRepeats<T>(work: () => Promise<T>): Promise<T> {
  for (const pause of PAUSES_MS) {
    try {
      return await work();
    } catch (error) {
      if (!isTokenFailure(error) || error.kind !== 'transient') throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  return work();
}
