/** Revokes given-up credentials at the app (where wished and possible) and destroys their documents. */
import type { TokenCall } from '#auth/oauth2-authorization-code.js';
import { revokeToken } from '#auth/revoke-token.js';
import { TokenFailure } from '#auth/token-failure.js';
import { HawserError } from '#domain/errors.js';
import type { Frozen } from '#domain/frozen.js';
import type { RetireInput, RetireOutcome } from '#workflows/connection/activities.js';
import { skippingGap } from '#workflows/connection/gap.js';
import { knownLate } from '#workflows/connection/retiring.js';
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
  const strays = isLast(state) ? await straysOf(deps, input) : [];
  const absent = new Set<number>();
  if (retired.revoke) {
    try {
      revocation = await revokeAll(deps, input, strays, absent);
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
  await destroy(deps, input, strays, absent);
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
  await projectAfter(deps, state, { type: 'retired', outcome, ...knownLate(retired) });
  return outcome;
}

/** With the last retirement of a deleted connection goes whatever else the vault holds of it: a credential may have been stored late. */
const isLast = (state: RetireInput['state']): boolean =>
  state.status === 'deleted' && state.retired.length === 1 && state.refresh.wish === null && state.attempt === null;

async function straysOf(deps: ConnectionActivityDeps, { state, retired }: RetireInput): Promise<number[]> {
  const known = new Set(versionsOf(retired));
  return (await deps.vault.versions(state)).filter((version) => !known.has(version));
}

/**
 * `absent`: looked for and not found. What a slow worker stores there a moment later is not destroyed unseen: it lives at the app, and
 * its announcement brings a retirement of its own, which revokes it.
 */
async function destroy(
  deps: ConnectionActivityDeps,
  { state, retired }: RetireInput,
  strays: number[],
  absent: Set<number>,
): Promise<void> {
  for (const version of versionsOf(retired).toReversed())
    await (absent.has(version)
      ? deps.vault.forgetIntents(state, version)
      : deps.vault.destroy(state, version, version));
  for (const version of strays) await deps.vault.destroy(state, version, version);
}

/** The newest version first: revoking a refresh token ends its access tokens (RFC 7009 section 2.1). */
async function revokeAll(
  deps: ConnectionActivityDeps,
  input: RetireInput,
  strays: number[],
  absent: Set<number>,
): Promise<Revocation> {
  const { state, retired } = input;
  const inForce = state.credential?.grantId;
  let revocation: Revocation = 'nothing';
  const ended = new Set<string>();
  for (const version of versionsOf(retired)) {
    const held = await openOrSkip(deps, state, version);
    if (held === null) absent.add(version);
    // Versions of the grant in force share it: whoever asks for the end of an older one must not end the present.
    if (!held || held.facts.grantId === inForce || ended.has(held.facts.grantId)) continue;
    revocation = await revokeHeld(deps, input, held, async (base, wish) => {
      const renewed = await renewToRevoke(deps, input, { base, ...wish });
      absent.delete(renewed.facts.version);
      return renewed.secret;
    });
    ended.add(held.facts.grantId);
    // A late answer may be of another grant than its neighbours.
    if (!retired.late) break;
  }
  for (const version of strays) {
    const held = await openOrSkip(deps, state, version);
    if (held && !ended.has(held.facts.grantId)) revocation = await revokeHeld(deps, input, held, refuseStray);
  }
  return revocation;
}

type Held = NonNullable<Awaited<ReturnType<ConnectionActivityDeps['vault']['open']>>>;
type Renew = (base: Held, wish: { call: TokenCall; frozen: Frozen }) => Promise<Held['secret']>;

async function revokeHeld(
  deps: ConnectionActivityDeps,
  input: RetireInput,
  held: Held,
  renew: Renew,
): Promise<Revocation> {
  const { state, retired } = input;
  const { frozen, manifest, settings } = frozenGrant(deps, state.app, frozenOf(state, held.facts));
  const client = await oauthClientOf(deps, state.workspaceId, frozen.appClientId);
  const call = { manifest, settings, client, http: deps.http };
  const { accessToken, refreshToken } = held.secret;
  return revokeToken({
    ...call,
    accessToken,
    refreshToken,
    renew: () => (retired.dead ? refuseDead(input) : renew(held, { call, frozen })),
  });
}

/** No version is allotted for it. Stored a moment ago, its access token lives. */
const refuseStray: Renew = () => Promise.reject(new AnswerLost('A credential that was stored late has ended.'));

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

/** Every version that the vault may hold of a given-up grant, the newest first. A state that an older build spoiled may begin anywhere. */
const versionsOf = ({ fromVersion, toVersion, gap, renewals = [] }: RetireInput['retired']): number[] => {
  const given = skippingGap(Math.max(1, Math.ceil(fromVersion)), toVersion, gap).flatMap(({ from, to }) =>
    Array.from({ length: to - from + 1 }, (_, index) => from + index),
  );
  return [...given, ...renewals].toReversed();
};

/** Null: nothing is there. A document that cannot be opened cannot be revoked either: it is destroyed. */
async function openOrSkip(
  deps: ConnectionActivityDeps,
  state: RetireInput['state'],
  version: number,
): Promise<Held | null | undefined> {
  try {
    return await deps.vault.open(state, version);
  } catch (error) {
    if (error instanceof HawserError && (error.code === 'vault_damaged' || error.code === 'key_missing'))
      return undefined;
    throw error;
  }
}
