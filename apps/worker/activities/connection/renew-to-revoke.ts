/** A renewal whose only purpose is a revocation: the app ends a grant for a living access token alone. Stored before use, like any other. */
import { refreshToken, type TokenCall } from '#auth/oauth2-authorization-code.js';
import { TokenFailure } from '#auth/token-failure.js';
import type { Frozen } from '#domain/frozen.js';
import type { RetireInput } from '#workflows/connection/activities.js';
import { announceLate, MAY_BE_LATE_MS } from './announce-late.js';
import type { ConnectionActivityDeps } from './deps.js';
import { connectorOf } from './deps.js';
import { persistently } from './persistently.js';
import type { Renewal } from './rotation.js';
import { readTokenAnswer } from './token-facts.js';
import { temporalNow } from '../../temporal-time.js';

/** The renewed token is stored and asks for its own end in the same activity; later the whole is begun again. */
const SEND_WITHIN_MS = 4_000;

/** A version must be allotted first: the actor does it, then the retirement goes on. */
export class VersionNeeded extends Error {}

/** The app has refused a refresh token that an earlier, unanswered request may have spent: what that brought is known to nobody. */
export class AnswerLost extends Error {}

/** An app that answers reuse by ending the family has ended it with the refusal: then "dead" is what was wished for. Others keep it. */
export const outlivesReuse = ({ rotates, reuse }: RetireInput['state']['policy']): boolean =>
  rotates !== 'never' && reuse === 'rejected';

interface Wish {
  /** The newest version that the vault holds of the given-up grant. */
  base: Renewal;
  call: TokenCall;
  frozen: Frozen;
}

/** Resolves to the renewed credential when it is in the vault. Throws TokenFailure, VersionNeeded or AnswerLost. */
export async function renewToRevoke(
  deps: ConnectionActivityDeps,
  { state, retired }: RetireInput,
  { base, call, frozen }: Wish,
): Promise<Renewal> {
  const version = retired.renewals?.at(-1);
  if (version === undefined || version <= base.facts.version) throw new VersionNeeded();
  const earlier = (await deps.vault.intents(state, version)).filter((intent) => intent.outcome === 'open');
  const sendBefore = temporalNow() + SEND_WITHIN_MS;
  const tryNumber = await deps.vault.writeIntent(state, {
    version,
    fromVersion: base.facts.version,
    sendBefore,
    createdAt: temporalNow(),
  });
  const stubbornly = <T>(operation: () => Promise<T>): Promise<T> =>
    persistently(operation, (error) =>
      deps.logger.error(
        { connectionId: state.connectionId, error },
        'A credential that is to be revoked cannot be stored yet; repeating.',
      ),
    );
  const { refreshToken: spent, accessToken } = base.secret;
  const startedAt = temporalNow();
  try {
    const answer = await refreshToken({ ...call, refreshToken: spent ?? '', inHand: [accessToken], sendBefore });
    const { facts, secret } = readTokenAnswer({
      connector: connectorOf(deps, state.app),
      frozen,
      answer,
      version,
      grantId: base.facts.grantId,
      known: { refreshToken: spent, scopes: base.facts.scopes, instanceUrl: base.facts.instanceUrl },
      refreshed: true,
    });
    await stubbornly(() => deps.vault.insert(state, facts, secret));
    await stubbornly(() => deps.vault.settleIntent(state, version, tryNumber, 'stored'));
    // Another try may have given the revocation up meanwhile: then these tokens live, and nobody knows them.
    if (temporalNow() - startedAt > MAY_BE_LATE_MS) await announceLate(deps, state, version, facts.grantId);
    return { facts, secret };
  } catch (error) {
    if (!(error instanceof TokenFailure) || error.mayHaveBeenProcessed) throw error;
    await deps.vault.settleIntent(state, version, tryNumber, error.kind === 'transient' ? 'not_sent' : 'refused');
    const lives = error.kind === 'dead' && earlier.length > 0 && outlivesReuse(state.policy);
    throw lives ? new AnswerLost('A renewal for a revocation was never answered.', { cause: error }) : error;
  }
}
