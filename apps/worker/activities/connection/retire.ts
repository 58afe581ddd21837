/** Revokes given-up credentials at the app (where wished and possible) and destroys their documents. */
import { revokeToken } from '#auth/revoke-token.js';
import { TokenFailure } from '#auth/token-failure.js';
import { HawserError } from '#domain/errors.js';
import type { RetireInput, RetireOutcome } from '#workflows/connection/activities.js';
import { skippingGap } from '#workflows/connection/gap.js';
import { frozenOf } from '#workflows/connection/frozen-of.js';
import type { ConnectionActivityDeps } from './deps.js';
import { frozenGrant } from './frozen-grant.js';
import { oauthClientOf } from './oauth-client-of.js';
import { projectAfter } from './project.js';
import { AnswerLost, outlivesReuse, renewToRevoke, VersionNeeded } from './renew-to-revoke.js';
import { temporalNow } from '../../temporal-time.js';

type Revocation = 'revoked' | 'unsupported' | 'nothing' | 'unknown';

export async function retireActivity(deps: ConnectionActivityDeps, input: RetireInput): Promise<RetireOutcome> {
  const { state, retired } = input;
  const { fromVersion, toVersion } = retired;
  const stamp = { fromVersion, toVersion, jitter: Math.random() };
  let revocation: Revocation = 'nothing';
  if (retired.revoke) {
    try {
      revocation = await revokeAll(deps, input);
    } catch (error) {
      if (error instanceof VersionNeeded) return { kind: 'renew', at: temporalNow(), ...stamp };
      deps.logger.warn(
        { connectionId: state.connectionId, error, tries: retired.tries },
        error instanceof AnswerLost
          ? 'A grant could not be revoked: the answer that held its token was lost.'
          : 'A revocation failed and will be repeated.',
      );
      if (!(error instanceof AnswerLost) && temporalNow() < retired.until)
        return { kind: 'repeat', at: temporalNow(), ...stamp };
      revocation = 'unknown';
    }
  }
  await destroy(deps, input);
  deps.events.credentialDestroyed({
    workspaceId: state.workspaceId,
    connectionId: state.connectionId,
    app: state.app,
    fromVersion,
    toVersion,
    revoked: revocation === 'revoked',
  });
  const unrevoked = revocation === 'unknown' ? { unrevoked: true } : {};
  const outcome: RetireOutcome = { kind: 'destroyed', at: temporalNow(), ...stamp, ...unrevoked };
  await projectAfter(deps, state, { type: 'retired', outcome });
  return outcome;
}

/** With the last retirement of a deleted connection goes whatever else the vault holds of it: a credential may have been stored late. */
async function destroy(deps: ConnectionActivityDeps, { state, retired }: RetireInput): Promise<void> {
  for (const { from, to } of skippingGap(retired.fromVersion, retired.toVersion, retired.gap))
    await deps.vault.destroy(state, from, to);
  for (const version of retired.renewals ?? []) await deps.vault.destroy(state, version, version);
  const isLast = state.retired.length === 1 && state.refresh.wish === null && state.attempt === null;
  if (state.status === 'deleted' && isLast) await deps.vault.destroyAll(state);
}

/** The newest version first: revoking a refresh token ends its access tokens (RFC 7009 section 2.1). */
async function revokeAll(deps: ConnectionActivityDeps, input: RetireInput): Promise<Revocation> {
  const { state, retired } = input;
  for (const version of versionsOf(retired)) {
    const held = await openOrSkip(deps, state, version);
    if (!held) continue;
    // Versions of the grant in force share it: whoever asks for the end of an older one must not end the present.
    if (state.credential !== null && held.facts.grantId === state.credential.grantId) continue;
    const { frozen, manifest, settings } = frozenGrant(deps, state.app, frozenOf(state, held.facts));
    const client = await oauthClientOf(deps, state.workspaceId, frozen.appClientId);
    const call = { manifest, settings, client, http: deps.http };
    const { accessToken, refreshToken } = held.secret;
    const renew = () => renewToRevoke(deps, input, { base: held, call, frozen });
    return revokeToken({ ...call, accessToken, refreshToken, renew: retired.dead ? () => refuseDead(input) : renew });
  }
  return 'nothing';
}

/** No renewal of a token that is known to be dead: the app has said what it will say. */
async function refuseDead({ state, retired }: RetireInput): Promise<never> {
  if (retired.dead === 'rotation_lost' && outlivesReuse(state.policy))
    throw new AnswerLost('The answer to an earlier renewal was lost.');
  throw new TokenFailure({
    kind: 'dead',
    code: 'grant_revoked',
    message: 'The refresh token was dead already.',
    mayHaveBeenProcessed: false,
    evidence: { at: temporalNow() },
  });
}

/** Every version that the vault may hold of a given-up grant, the newest first. */
function versionsOf({ fromVersion, toVersion, gap, renewals = [] }: RetireInput['retired']): number[] {
  // A state that an older build spoiled by a signal may begin anywhere.
  const given = skippingGap(Math.max(1, Math.ceil(fromVersion)), toVersion, gap).flatMap(({ from, to }) =>
    Array.from({ length: to - from + 1 }, (_, index) => from + index),
  );
  return [...renewals.toReversed(), ...given.toReversed()];
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
