/** Revokes given-up credentials at the app (where wished and possible) and destroys their documents. */
import { revokeToken } from '#auth/revoke-token.js';
import { HawserError } from '#domain/errors.js';
import type { RetireInput, RetireOutcome } from '#workflows/connection/activities.js';
import type { ConnectionActivityDeps } from './deps.js';
import { connectorOf } from './deps.js';
import { oauthClientOf } from './oauth-client-of.js';
import { projectAfter } from './project.js';

export async function retireActivity(deps: ConnectionActivityDeps, input: RetireInput): Promise<RetireOutcome> {
  const { state, retired } = input;
  const { fromVersion, toVersion } = retired;
  const stamp = { fromVersion, toVersion, jitter: Math.random() };
  let revoked = false;
  if (retired.revoke) {
    try {
      revoked = await revokeAll(deps, input);
    } catch (error) {
      deps.logger.warn(
        { connectionId: state.connectionId, error, tries: retired.tries },
        'A revocation failed and will be repeated.',
      );
      if (Date.now() < retired.until) return { kind: 'repeat', at: Date.now(), ...stamp };
    }
  }
  await deps.vault.destroy(state, fromVersion, toVersion);
  deps.events.credentialDestroyed({
    workspaceId: state.workspaceId,
    connectionId: state.connectionId,
    app: state.app,
    fromVersion,
    toVersion,
    revoked,
  });
  const outcome: RetireOutcome = { kind: 'destroyed', at: Date.now(), ...stamp };
  await projectAfter(deps, state, { type: 'retired', outcome });
  return outcome;
}

/** The newest version first: revoking a refresh token ends its access tokens (RFC 7009 section 2.1). */
async function revokeAll(deps: ConnectionActivityDeps, { state, retired }: RetireInput): Promise<boolean> {
  for (let version = retired.toVersion; version >= retired.fromVersion; version -= 1) {
    const held = await openOrSkip(deps, state, version);
    if (!held) continue;
    const outcome = await revokeToken({
      manifest: connectorOf(deps, state.app).manifest,
      settings: state.settings,
      client: await oauthClientOf(deps, state.workspaceId, state.appClientId),
      http: deps.http,
      accessToken: held.secret.accessToken,
      refreshToken: held.secret.refreshToken,
    });
    return outcome === 'revoked';
  }
  return false;
}

/** A document that cannot be opened cannot be revoked either: it is destroyed. */
async function openOrSkip(deps: ConnectionActivityDeps, state: RetireInput['state'], version: number) {
  try {
    return await deps.vault.open(state, version);
  } catch (error) {
    if (error instanceof HawserError && (error.code === 'vault_damaged' || error.code === 'key_missing')) return null;
    throw error;
  }
}
