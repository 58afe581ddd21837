/** Begins an attempt: mints the one-time link and keeps its hash. */
import { freeze } from '#connector-sdk/frozen-manifest.js';
import type { ConnectorManifest } from '#connector-sdk/manifest.js';
import { mintId } from '#domain/ids.js';
import type { GatewayServices } from '../ports.js';
import { mintAttemptToken } from './link-token.js';

/** How long a link and the consent behind it may take. */
export const ATTEMPT_MS = 30 * 60_000;

export interface AttemptWish {
  workspaceId: string;
  connectionId: string;
  manifest: ConnectorManifest;
  appClientId: string;
  settings: Record<string, string>;
}

export const callbackUrl = (publicUrl: string): string => `${publicUrl}/oauth/callback`;

export async function startAttempt(
  { store, config }: GatewayServices,
  wish: AttemptWish,
): Promise<{ attemptId: string; url: string; expiresAt: number }> {
  const { workspaceId, connectionId, manifest, appClientId, settings } = wish;
  const attemptId = mintId('attempt');
  const link = mintAttemptToken(attemptId);
  const createdAt = await store.attempts.now();
  const expiresAt = createdAt + ATTEMPT_MS;
  await store.attempts.insert({
    _id: attemptId,
    workspaceId,
    connectionId,
    app: manifest.app,
    linkHash: link.hash,
    createdAt,
    expiresAt,
    status: 'open',
    revision: 0,
    scopes: manifest.auth.scopes,
    redirectUri: callbackUrl(config.publicUrl),
    appClientId,
    frozen: freeze(manifest, { settings, appClientId }),
    cookieHash: null,
    stateHash: null,
    sealedVerifier: null,
    sealedCode: null,
    answerError: null,
    answeredAt: null,
    end: null,
  });
  return { attemptId, url: `${config.publicUrl}/connect/${link.token}`, expiresAt };
}
