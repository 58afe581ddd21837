/** Reads a token answer into credential facts. Pure. */
import type { Connector } from '#connector-sdk/connector.js';
import type { TokenAnswer } from '#auth/token-answer.js';
import type { Frozen } from '#domain/frozen.js';
import type { CredentialFacts } from '#domain/grant.js';
import type { CredentialSecret } from '../../vault/credential-vault.js';

export interface TokenFactsInput {
  connector: Connector;
  /** What the grant lives by: each of its versions carries it. */
  frozen: Frozen;
  answer: TokenAnswer;
  version: number;
  grantId: string;
  /** What is known before: a refresh keeps what its answer does not say; an exchange falls back to what was asked for. */
  known: { refreshToken: string | null; scopes: string[]; instanceUrl: string };
  refreshed: boolean;
}

/** A blank never overwrites: a reply without a refresh token keeps the old one, with its own end (promise 5; RFC 6749 section 6). */
export function readTokenAnswer(input: TokenFactsInput): { facts: CredentialFacts; secret: CredentialSecret } {
  const { connector, frozen, answer, known } = input;
  const { policy } = connector.manifest;
  const obtainedAt = answer.receivedAt;
  const lifetimeMs = answer.expiresInSeconds === null ? policy.accessTokenLifetimeMs : answer.expiresInSeconds * 1_000;
  const refreshToken = answer.refreshToken ?? known.refreshToken;
  // Using a refresh token restarts its idle time, whether the answer brings a new one or not.
  const idleMs =
    answer.refreshExpiresInSeconds === null ? policy.refreshTokenIdleMs : answer.refreshExpiresInSeconds * 1_000;
  return {
    facts: {
      version: input.version,
      grantId: input.grantId,
      obtainedAt,
      accessExpiresAt: lifetimeMs === null ? null : obtainedAt + lifetimeMs,
      hasRefreshToken: refreshToken !== null,
      refreshExpiresAt: refreshToken === null || idleMs === null ? null : obtainedAt + idleMs,
      scopes: answer.scopes ?? known.scopes,
      instanceUrl: connector.tokenFacts(answer.raw, frozen.settings).instanceUrl ?? known.instanceUrl,
      refreshed: input.refreshed,
      frozen,
    },
    secret: { accessToken: answer.accessToken, refreshToken },
  };
}
