/** The exchange activity: code -> tokens -> vault -> proof. A candidate is stored before it is proven, so that a crash loses nothing. */
import { Context } from '@temporalio/activity';
import { consentErrorCode } from '#auth/consent-error.js';
import { exchangeCode } from '#auth/oauth2-authorization-code.js';
import { TokenFailure } from '#auth/token-failure.js';
import { HawserError } from '#domain/errors.js';
import { isSettling } from '#domain/settling.js';
import type { AttemptDocument } from '#store/documents.js';
import type { ExchangeInput, ExchangeOutcome } from '#workflows/connection/activities.js';
import { frozenOf } from '#workflows/connection/frozen-of.js';
import type { CredentialSecret } from '../../vault/credential-vault.js';
import type { CredentialFacts } from '#domain/grant.js';
import type { ConnectionActivityDeps } from './deps.js';
import { announceLate, MAY_BE_LATE_MS } from './announce-late.js';
import { frozenGrant } from './frozen-grant.js';
import { oauthClientOf } from './oauth-client-of.js';
import { persistently } from './persistently.js';
import { projectAfter } from './project.js';
import { prove } from './prove.js';
import { refuseAfterReset } from './refuse-after-reset.js';
import { replacesInstance } from './replaces-instance.js';
import { readTokenAnswer } from './token-facts.js';
import { temporalNow } from '../../temporal-time.js';

/** The code request goes out within this time, or never: shorter than the heartbeat time-out. */
const SEND_WITHIN_MS = 4_000;

/** The answer to a code is awaited so long. */
const ANSWER_MS = 20_000;

/** With the tries that an exchange has, longer than a token needs to settle. */
const SETTLING_PAUSE_MS = 3_000;

type Held = { facts: CredentialFacts; secret: CredentialSecret };
type Granted = Omit<Extract<ExchangeOutcome, { kind: 'granted' }>, 'at' | 'jitter' | 'attemptId'>;
type Failed = Omit<Extract<ExchangeOutcome, { kind: 'failed' }>, 'at' | 'jitter' | 'attemptId'>;
type Repeat = Omit<Extract<ExchangeOutcome, { kind: 'repeat' }>, 'at' | 'jitter' | 'attemptId'>;

export async function exchangeActivity(deps: ConnectionActivityDeps, input: ExchangeInput): Promise<ExchangeOutcome> {
  refuseAfterReset(input);
  const stamp = () => ({ at: temporalNow(), jitter: Math.random(), attemptId: input.attemptId });
  const startedAt = temporalNow();
  const held = await heldOrExchanged(deps, input);
  // Another try may have told meanwhile that the answer was lost: then these tokens live, and nobody knows them.
  if (!('kind' in held) && temporalNow() - startedAt > MAY_BE_LATE_MS)
    await announceLate(deps, input.state, input.version, input.attemptId);
  const outcome: ExchangeOutcome =
    'kind' in held ? { ...held, ...stamp() } : { ...(await proveCandidate(deps, input, held)), ...stamp() };
  refuseGivenUp();
  await projectAfter(deps, input.state, { type: 'exchanged', outcome, version: input.version });
  return outcome;
}

/** A try that was given up has no say in the projection: the actor has gone on without it. */
function refuseGivenUp(): void {
  if (Context.current().cancellationSignal.aborted)
    throw new HawserError('temporarily_unavailable', 'Temporal has given this try up.');
}

/** A crash between store and report: the candidate is there, and the code is not presented again. */
async function heldOrExchanged(deps: ConnectionActivityDeps, input: ExchangeInput): Promise<Held | Failed | Repeat> {
  const { state, version, attemptId } = input;
  const held = await deps.vault.open(state, version);
  if (held) return held;
  const attempt = await deps.store.attempts.get(state.workspaceId, attemptId);
  if (!attempt || attempt.status === 'closed') return { kind: 'failed', code: 'attempt_expired', stored: false };
  if (attempt.answerError !== null) return refusedConsent(attempt.answerError, attempt.answerDescription ?? null);
  const tries = await deps.vault.intents(state, version);
  // A code is single use, and presenting it twice may revoke what it brought (RFC 6749 section 4.1.2).
  const open = tries.filter((intent) => intent.outcome === 'open');
  if (open.length > 0) {
    const awaitedUntil = Math.max(...open.map(({ sendBefore }) => sendBefore)) + ANSWER_MS;
    return { kind: 'failed', code: 'exchange_lost', stored: false, awaitedUntil };
  }
  return exchangeOnce(deps, input, attempt);
}

/** There was no code to be accepted or not: the app's own word says who must do what. */
function refusedConsent(word: string, description: string | null): Failed {
  const evidence = { at: temporalNow(), appCode: word, ...(description && { appMessage: description }) };
  return { kind: 'failed', code: consentErrorCode(word, description), evidence, stored: false };
}

async function exchangeOnce(
  deps: ConnectionActivityDeps,
  input: ExchangeInput,
  attempt: AttemptDocument,
): Promise<Held | Failed | Repeat> {
  const { state, version } = input;
  const sendBefore = temporalNow() + SEND_WITHIN_MS;
  let tryNumber = 0;
  try {
    const { frozen, connector, call } = await tokenCall(deps, input, attempt);
    tryNumber = await deps.vault.writeIntent(state, { version, fromVersion: 0, sendBefore, createdAt: temporalNow() });
    const answer = await exchangeCode({ ...call, sendBefore, timeoutMs: ANSWER_MS });
    const read = readTokenAnswer({
      connector,
      frozen,
      answer,
      version,
      grantId: input.attemptId,
      known: { refreshToken: null, scopes: attempt.scopes, instanceUrl: '' },
      refreshed: false,
    });
    await store(deps, input, read, tryNumber);
    return read;
  } catch (error) {
    return afterFailure(deps, input, error, tryNumber);
  }
}

async function store(
  deps: ConnectionActivityDeps,
  { state, version }: ExchangeInput,
  read: Held,
  tryNumber: number,
): Promise<void> {
  const repeat = <T>(operation: () => Promise<T>) =>
    persistently(operation, (error) =>
      deps.logger.error({ connectionId: state.connectionId, error }, 'A candidate cannot be stored yet; repeating.'),
    );
  await repeat(() => deps.vault.insert(state, read.facts, read.secret));
  await repeat(() => deps.vault.settleIntent(state, version, tryNumber, 'stored'));
}

async function tokenCall(deps: ConnectionActivityDeps, { state }: ExchangeInput, attempt: AttemptDocument) {
  const open = <T>(sealed: AttemptDocument['sealedCode'], purpose: 'answer' | 'verifier'): Promise<T | null> =>
    sealed === null
      ? Promise.resolve(null)
      : deps.opener.open<T>(sealed, { workspaceId: state.workspaceId, subject: attempt._id, purpose, version: 1 });
  const code = await open<string>(attempt.sealedCode, 'answer');
  if (code === null) throw new HawserError('attempt_expired');
  // An attempt of an older build froze its app client only.
  const begun = attempt.frozen ?? { ...frozenOf(state, null), appClientId: attempt.appClientId };
  const { frozen, connector, ...where } = frozenGrant(deps, state.app, begun);
  const call = {
    ...where,
    client: await oauthClientOf(deps, state.workspaceId, frozen.appClientId),
    http: deps.http,
    code,
    verifier: await open<string>(attempt.sealedVerifier, 'verifier'),
    redirectUri: attempt.redirectUri,
  };
  return { frozen, connector, call };
}

async function afterFailure(
  deps: ConnectionActivityDeps,
  { state, version }: ExchangeInput,
  error: unknown,
  tryNumber: number,
): Promise<Failed | Repeat> {
  if (error instanceof TokenFailure) {
    const lost = error.kind === 'transient' && error.mayHaveBeenProcessed;
    if (!lost && tryNumber > 0)
      await deps.vault.settleIntent(state, version, tryNumber, error.kind === 'transient' ? 'not_sent' : 'refused');
    if (lost) return { kind: 'failed', code: 'exchange_lost', evidence: error.evidence, stored: false };
    if (error.kind === 'transient')
      return {
        kind: 'repeat',
        code: error.code,
        evidence: error.evidence,
        ...(error.retryAfterMs && { retryAfterMs: error.retryAfterMs }),
      };
    return {
      kind: 'failed',
      code: error.kind === 'dead' ? 'code_rejected' : error.code,
      evidence: error.evidence,
      stored: false,
    };
  }
  if (error instanceof HawserError && error.class !== 'retry')
    return { kind: 'failed', code: error.code, stored: false };
  throw error;
}

/** The candidate must prove itself before it may come into force (AS-07). */
async function proveCandidate(
  deps: ConnectionActivityDeps,
  { state, attemptId }: ExchangeInput,
  held: Held,
): Promise<Granted | Failed | Repeat> {
  // Without an address of the app's own (Salesforce: a usable instance_url) there is nobody to ask, and nowhere to send the token.
  if (held.facts.instanceUrl === '') return { kind: 'failed', code: 'token_answer_invalid', stored: true };
  try {
    const proof = await prove(deps, {
      app: state.app,
      settings: frozenOf(state, held.facts).settings,
      facts: held.facts,
      secret: held.secret,
      accountId: '',
      requirements: [],
    });
    if (!proof.accepted) {
      const said = proof.evidence && { evidence: proof.evidence };
      // Issued a moment ago: it is proven again. Only a refusal that lasts is one.
      if (isSettling(held.facts.obtainedAt, temporalNow()))
        return { kind: 'repeat', code: 'credential_settling', retryAfterMs: SETTLING_PAUSE_MS, ...said };
      return { kind: 'failed', code: 'credential_rejected', stored: true, ...said };
    }
    const grant = {
      grantId: attemptId,
      account: proof.account,
      instance: { ...proof.instance, url: held.facts.instanceUrl || proof.instance.url },
      scopes: held.facts.scopes,
      consentedAt: held.facts.obtainedAt,
      ...(held.facts.frozen && { frozen: held.facts.frozen }),
    };
    const replaces = (await replacesInstance(deps, state, grant)) && { replaces: true as const };
    const { missing, satisfied } = proof;
    return { kind: 'granted', grant, facts: held.facts, missing, satisfied, ...replaces };
  } catch (error) {
    if (!(error instanceof HawserError)) throw error;
    const evidence = error.options.evidence && { evidence: error.options.evidence };
    if (error.class === 'retry')
      return {
        kind: 'repeat',
        code: error.code,
        ...evidence,
        ...(error.options.retryAfterMs && { retryAfterMs: error.options.retryAfterMs }),
      };
    return {
      kind: 'failed',
      code: error.code,
      ...evidence,
      stored: true,
      missing: [{ requirement: error.options.requirement ?? 'verify', text: error.detail }],
    };
  }
}
