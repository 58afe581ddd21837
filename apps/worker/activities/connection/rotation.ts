/**
 * The rotation protocol (docs/connection.md): adopt, intent, send-before, send, store before use, report.
 * It knows neither Temporal nor MongoDB: the model test runs this very file with a model vault that crashes between any two steps.
 */
import { HawserError, type ErrorCode } from '#domain/errors.js';
import type { CredentialFacts } from '#domain/grant.js';
import type { RefreshInput, RefreshOutcome } from '#workflows/connection/activities.js';
import type { ConnectionRef } from '#domain/connection-ref.js';
import type { CredentialSecret, CredentialVault, Intent } from '../../vault/credential-vault.js';
import { skippingGap } from '#workflows/connection/gap.js';
import { afterAmbiguity, ageOf, awaitedUntil } from './after-ambiguity.js';
import { earlierTries, knownTries, withEnd, type EarlierTries } from './earlier-tries.js';
import { TokenFailure } from '#auth/token-failure.js';

/** What a token endpoint gave, already read into facts. */
export interface Renewal {
  facts: CredentialFacts;
  secret: CredentialSecret;
}

export interface RotationDeps {
  vault: CredentialVault;
  /** Sends one token request. `onSent` is called right before its first byte, and from there on no cancellation stops it; throws TokenFailure. */
  sendRefresh(input: RefreshInput, base: Renewal, wire: { sendBefore: number; onSent: () => void }): Promise<Renewal>;
  /** Repeats a store operation until it succeeds: the answer in hand may be the only living token. */
  persistently<T>(operation: () => Promise<T>): Promise<T>;
  /**
   * Asks Temporal whether this try is still the one that counts; no other can begin within `sendWithinMs` of the question.
   * @throws When it is not, or when nobody can tell: then nothing is sent.
   */
  confirm(): Promise<void>;
  /** How long the answer of a token request is awaited, from its first byte. */
  answerMs: number;
  now(): number;
  jitter(): number;
}

type Settle = (outcome: Exclude<Intent['outcome'], 'open'>) => Promise<void>;

interface Round {
  deps: RotationDeps;
  input: RefreshInput;
  ref: ConnectionRef;
  stamp: (version?: number) => { at: number; jitter: number; version: number };
}

/** Runs one try of a renewal. Returns an outcome for everything that is a judgement; throws only when the vault cannot be reached. */
export async function rotate(deps: RotationDeps, input: RefreshInput): Promise<RefreshOutcome> {
  const { state } = input;
  const ref = { workspaceId: state.workspaceId, connectionId: state.connectionId };
  const stamp: Round['stamp'] = (version = input.version) => ({ at: deps.now(), jitter: deps.jitter(), version });
  const round: Round = { deps, input, ref, stamp };
  const startedAt = deps.now();
  // Before the look for a newer version: an answer that is stored meanwhile is then seen as one or as the other, never as neither.
  const earlier = input.adoptOnly ? null : await earlierTries(deps.vault, ref, state, input.version);
  const adopted = await adopt(round);
  if (adopted) return adopted;
  if (earlier === null || state.credential === null) return { kind: 'nothing', ...stamp() };
  return { looked: earlier.looked, ...(await renewFrom(round, state.credential.version, earlier, startedAt)) };
}

/** Nothing newer is there: the refresh token of the version in force is spent, if that is allowed now. */
async function renewFrom(
  round: Round,
  fromVersion: number,
  earlier: EarlierTries,
  startedAt: number,
): Promise<RefreshOutcome> {
  const { deps, input, ref, stamp } = round;
  const { policy } = input.state;
  const open = earlier.unknown;
  const base = await openBase(round);
  if ('kind' in base) return base;
  if (base.secret.refreshToken === null) return { kind: 'dead', code: 'no_refresh_token', ...stamp() };
  const sendBefore = (await countsFrom(deps, input, startedAt)) + input.sendWithinMs;
  // A grace window is counted from the first request that may have spent the token to the last moment at which this one may go out.
  const [firstOpen] = open;
  if (firstOpen) {
    const ageMs = ageOf(firstOpen.createdAt, sendBefore);
    const repeatAt = awaitedUntil(policy, ageMs, open, deps.answerMs);
    const awaited = repeatAt > deps.now();
    if (awaited || afterAmbiguity(policy, ageMs, input.accessAlive) === 'wait')
      return { kind: 'ambiguous', sentAt: firstOpen.createdAt, ...(awaited && { repeatAt }), ...stamp() };
  }
  const intent = { version: input.version, fromVersion, sendBefore, createdAt: deps.now() };
  const tryNumber = await deps.vault.writeIntent(ref, intent);
  return send(round, base, { sendBefore, tryNumber, earlier });
}

/**
 * The moment from which the time to send counts. Looking into a busy store takes long at times: then Temporal is asked once more, lest
 * a slow store make every try end before it has sent. Without this question another try may have begun.
 */
async function countsFrom(deps: RotationDeps, input: RefreshInput, startedAt: number): Promise<number> {
  const now = deps.now();
  if (now - startedAt <= input.sendWithinMs / 4) return startedAt;
  await deps.confirm();
  return now;
}

/** (1) A crash between store and report, or a late answer: the newer version is there and no token is spent. */
async function adopt(round: Round): Promise<RefreshOutcome | null> {
  const { deps, input, ref, stamp } = round;
  const { state, version } = input;
  const grantId = state.grant?.grantId;
  if (!grantId) return null;
  const { through, open } = knownTries(state);
  let facts = await deps.vault.newest(ref, grantId, through, version);
  for (const late of open.toReversed()) facts ??= await deps.vault.newest(ref, grantId, late - 1, late);
  return (
    facts && { kind: 'renewed', facts, adopted: true, destroyedBelow: await prune(round), ...stamp(facts.version) }
  );
}

/** The version in force. A vault that is behind the actor serves only where the app does not rotate. */
async function openBase({ deps, input, ref, stamp }: Round): Promise<Renewal | RefreshOutcome> {
  const { credential, policy } = input.state;
  const version = credential?.version ?? 0;
  try {
    const held = await deps.vault.open(ref, version);
    if (held) return held;
    const before =
      policy.rotates === 'never' && input.state.keptFrom < version
        ? await deps.vault.open(ref, input.state.keptFrom)
        : null;
    return before ?? { kind: 'dead', code: 'rotation_lost', ...stamp() };
  } catch (error) {
    const code = operatorCode(error);
    if (code === null) throw error;
    return { kind: 'operator', code, ...stamp() };
  }
}

/** The code of a failure that only an operator can mend; null = another failure, or a store that is away and will come back. */
const operatorCode = (error: unknown): ErrorCode | null =>
  error instanceof HawserError && error.class === 'wait_for_operator' ? error.code : null;

/** (3) and (4): from the first byte on, the answer is awaited and stored whatever happens. */
async function send(
  round: Round,
  base: Renewal,
  wire: { sendBefore: number; tryNumber: number; earlier: EarlierTries },
): Promise<RefreshOutcome> {
  const { deps, input, ref, stamp } = round;
  const settle: Settle = (outcome): Promise<void> =>
    deps.persistently(() => deps.vault.settleIntent(ref, input.version, wire.tryNumber, outcome));
  let renewal: Renewal;
  let sentAt: number | null = null;
  const onSent = (): void => {
    sentAt = deps.now();
  };
  try {
    renewal = agedFrom(await deps.sendRefresh(input, base, { sendBefore: wire.sendBefore, onSent }), sentAt);
  } catch (error) {
    if (error instanceof TokenFailure) return afterFailure(round, error, settle, wire.earlier);
    // Nothing went out: an intent left open would make the next renewal ambiguous for no reason.
    const isSettled =
      sentAt === null &&
      (await deps.vault.settleIntent(ref, input.version, wire.tryNumber, 'not_sent').then(
        () => true,
        () => false,
      ));
    const code = operatorCode(error);
    if (code === null) throw error;
    const { looked } = wire.earlier;
    return { kind: 'operator', code, ...stamp(), looked: isSettled ? looked : withEnd(looked, input.version, 'open') };
  }
  const inserted = await deps.persistently(() => deps.vault.insert(ref, renewal.facts, renewal.secret));
  await settle('stored');
  if (!inserted) {
    // Another try has stored this version (or ours did, and its answer was lost): what is stored is in force.
    const adopted = await deps.persistently(() => adopt(round));
    if (adopted) return adopted;
  }
  return { kind: 'renewed', facts: renewal.facts, adopted: false, destroyedBelow: await prune(round), ...stamp() };
}

/** An answer that was read so long after its request lay about while this process was paused. */
const PAUSED_MS = 5_000;

/** Lifetimes count from the receipt of an answer; after a pause they count from its request, else a token that has ended looks fresh. */
function agedFrom({ facts, secret }: Renewal, sentAt: number | null): Renewal {
  const lateMs = sentAt === null ? 0 : facts.obtainedAt - sentAt;
  if (lateMs <= PAUSED_MS) return { facts, secret };
  const earlier = (moment: number | null): number | null => moment && moment - lateMs;
  const aged = {
    obtainedAt: facts.obtainedAt - lateMs,
    accessExpiresAt: earlier(facts.accessExpiresAt),
    refreshExpiresAt: earlier(facts.refreshExpiresAt),
  };
  return { facts: { ...facts, ...aged }, secret };
}

/**
 * Keeps the new version and its predecessor (requests with that may be under way); older documents go. Numbers have gaps: every
 * failed renewal was allotted one. @returns The version below which none is left; null = a failure, which must not undo a success.
 */
async function prune({ deps, ref, input }: Round): Promise<number | null> {
  const { credential, keptFrom, gap } = input.state;
  if (credential === null) return null;
  if (keptFrom >= credential.version) return credential.version;
  try {
    for (const { from, to } of skippingGap(keptFrom, credential.version - 1, gap))
      await deps.vault.destroy(ref, from, to);
    return credential.version;
  } catch {
    return null;
  }
}

async function afterFailure(
  round: Round,
  failure: TokenFailure,
  settle: Settle,
  earlier: EarlierTries,
): Promise<RefreshOutcome> {
  const { deps, input, stamp } = round;
  const retry = failure.retryAfterMs === null ? {} : { retryAfterMs: failure.retryAfterMs };
  const { evidence } = failure;
  if (failure.kind === 'transient' && failure.mayHaveBeenProcessed) {
    // Nobody reads its answer any more, so nobody needs to wait for it. An intent that stays open only makes the repeat later.
    const createdAt = deps.now();
    const end = await settle('lost').then(
      () => ({ lostAt: createdAt }),
      () => 'open' as const,
    );
    const looked = withEnd(earlier.looked, input.version, end);
    const wait = afterAmbiguity(input.state.policy, 0, input.accessAlive) === 'wait';
    return wait
      ? { kind: 'ambiguous', sentAt: deps.now(), ...stamp(), looked }
      : { kind: 'transient', code: failure.code, evidence, ...retry, ...stamp(), looked };
  }
  await settle(failure.kind === 'transient' ? 'not_sent' : 'refused');
  if (failure.kind === 'transient') {
    const notSent = failure.evidence.appCode === 'not_sent' && { notSent: true as const };
    return { kind: 'transient', code: failure.code, evidence, ...retry, ...notSent, ...stamp() };
  }
  // Refused for a reason that nobody foresaw: no evidence against the grant, and the app's own words say what is to be settled.
  const operator = failure.kind === 'rejected' ? 'renewal_refused' : failure.code;
  if (failure.kind !== 'dead') return { kind: 'operator', code: operator, evidence, ...stamp() };
  // A lost race: the answer of an earlier try may have been stored meanwhile.
  const adopted = await deps.persistently(() => adopt(round));
  const { rotates, reuse } = input.state.policy;
  const mayBeLost = earlier.unknown.length > 0 && rotates !== 'never' && reuse !== 'harmless';
  return adopted ?? { kind: 'dead', code: mayBeLost ? 'rotation_lost' : 'grant_revoked', evidence, ...stamp() };
}
