/** The authenticated caller that a connector gets. Knows when to renew, when to send again, and when neither is allowed. */
import { classifiedError, isIdempotent } from '#connector-sdk/classified-error.js';
import type { AppContext, AppRequest, AppResponse, Classification, Connector } from '#connector-sdk/connector.js';
import { ERROR_CODES, errorClass, HawserError } from '#domain/errors.js';
import type { LeaseYes } from '#domain/lease.js';
import { SETTLING_MS } from '#domain/settling.js';
import type { Http } from '#http/http.js';
import { SecretMask } from '#telemetry/secret-mask.js';
import { isWrite, mayHaveArrived, sendToApp } from './app-request.js';
import type { EnsureFresh } from './ensure-fresh.js';
import type { LeaseKeeper } from './lease-keeper.js';
import type { ConnectionRef } from '#domain/connection-ref.js';
import type { ActorPort } from './ports.js';
import { noCredential, openToken, usableLease, type UsableLease } from './usable-lease.js';

export interface AppSessionParts {
  actor: Pick<ActorPort, 'status' | 'verify'>;
  leases: LeaseKeeper;
  freshness: EnsureFresh;
  http: Http;
  connector: Connector;
  ref: ConnectionRef;
  now: () => number;
  requestMs: number;
  sessionMs: number;
  /** Awaited before each request that must not be sent twice; gets the longest time that it may take. When it throws, nothing is sent. */
  beforeWrite?: (timeoutMs: number) => Promise<{ sendBefore: number }>;
  signal?: AbortSignal;
}

type Answer = { response: AppResponse; judged: Classification };

export class AppSession {
  /** Credential version that served the last request. */
  version: number;
  /** A write was answered well, or its outcome is unknown; also one that may be sent twice. */
  mayHaveHappened = false;
  readonly context: AppContext;
  private readonly endsAt: number;
  /** Every credential that this session has sent. */
  private mask = SecretMask.of();

  constructor(
    private readonly parts: AppSessionParts,
    lease: LeaseYes,
  ) {
    this.version = lease.version;
    this.endsAt = parts.now() + parts.sessionMs;
    this.context = {
      now: parts.now,
      instanceUrl: lease.instanceUrl,
      settings: lease.settings,
      scopes: lease.scopes,
      accountId: lease.accountId,
      call: (request) => this.call(request),
      ask: async (request) => (await this.request(request)).response,
    };
  }

  private async call(request: AppRequest): Promise<AppResponse> {
    const { response, judged } = await this.request(request);
    if (judged.kind === 'ok') return response;
    throw classifiedError(judged, response, request);
  }

  /** One request with at most one renewal and one resend. */
  private async request(request: AppRequest): Promise<Answer> {
    const usable = await usableLease(this.parts, this.parts.ref);
    const answer = await this.send(request, usable);
    if (!isRejection(answer)) return answer;
    const renewed = await this.renew(usable.lease, answer.response.at);
    // A rejected token is refused before anything is done, so a write may be sent again too; it is built from scratch.
    const second = await this.send(request, renewed);
    if (!isRejection(second)) return second;
    throw await this.rejectedTwice(request, usable.lease, renewed.lease, second);
  }

  private async send(request: AppRequest, { lease, accessToken, mask }: UsableLease): Promise<Answer> {
    const { parts } = this;
    const marked = isIdempotent(request) ? undefined : await parts.beforeWrite?.(this.timeLeft());
    const timeoutMs = this.timeLeft();
    this.version = lease.version;
    // The second answer may quote the token of the first request.
    this.mask = this.mask.with(mask);
    try {
      const answer = await sendToApp({
        ...parts,
        instanceUrl: lease.instanceUrl,
        accessToken,
        mask: this.mask,
        request,
        timeoutMs,
        ...marked,
      });
      if (isWrite(request) && mayHaveDone(answer.judged)) this.mayHaveHappened = true;
      return answer;
    } catch (error) {
      if (isWrite(request) && mayHaveArrived(error)) this.mayHaveHappened = true;
      throw error;
    }
  }

  private timeLeft(): number {
    const { parts } = this;
    const timeoutMs = Math.min(parts.requestMs, this.endsAt - parts.now());
    if (timeoutMs > 0) return timeoutMs;
    throw new HawserError(
      'app_unavailable',
      'The app was so slow that no time was left for the next request. We repeat.',
    );
  }

  private async renew(seen: LeaseYes, rejectedAt: number): Promise<UsableLease> {
    const { held, trouble } = await this.parts.freshness.renew(this.parts.ref, seen, true);
    const { lease } = held;
    const failed =
      lease.kind === 'yes' &&
      lease.version === seen.version &&
      (trouble !== null || lease.failures > seen.failures || lease.refreshNotBefore > rejectedAt);
    // The app refuses this version and no newer one can be had now: sending it again would only be refused again.
    if (failed) throw trouble && trouble.class === 'retry' ? trouble : noCredential(lease, this.parts.now());
    return openToken(this.parts, this.parts.ref, held);
  }

  /** Rejected although renewed: the actor verifies once (promise 6); its judgement decides, not ours. */
  private async rejectedTwice(
    request: AppRequest,
    first: LeaseYes,
    second: LeaseYes,
    answer: Answer,
  ): Promise<HawserError> {
    const { actor, leases, ref } = this.parts;
    leases.reject(ref, second.version);
    const outcome =
      first.version === second.version
        ? 'there was no newer access token'
        : `the access token was renewed (version ${first.version} to ${second.version})`;
    let verified = 'the connection could not be verified';
    let proven = false;
    let settlesUntil = 0;
    try {
      const { proofCount } = await actor.status(ref);
      const view = await actor.verify(
        ref,
        { by: 'job', seenProof: proofCount, requirements: [] },
        `verify:${proofCount}`,
      );
      proven = view.verifyTrouble === null && view.proof?.accepted === true;
      if (proven) verified = 'the connection was verified and is accepted';
      if (view.version === second.version) settlesUntil = (view.obtainedAt ?? 0) + SETTLING_MS;
    } catch {
      // The verification is for the actor's sake; the lease below tells what holds.
    }
    const { lease } = await leases.get(ref);
    if (lease.kind === 'no') return new HawserError(lease.code);
    // Reconnected or renewed by somebody else meanwhile: what was refused was the old credential. The step is repeated with the new one.
    if (lease.version > second.version) {
      const newer = `meanwhile the connection has version ${lease.version}. We repeat.`;
      return new HawserError('temporarily_unavailable', `The app refused version ${second.version}; ${newer}`);
    }
    const failure = classifiedError(
      answer.judged as Extract<Classification, { kind: 'error' }>,
      answer.response,
      request,
    );
    // Issued a moment ago: not every part of the app may know it yet. Proven and yet refused later: repeating would only be refused again.
    // Not proven: the app may be in trouble, and it is repeated.
    const waitMs = settlesUntil - this.parts.now();
    const code = waitMs > 0 ? 'credential_settling' : proven ? 'rejected_though_proven' : failure.code;
    return new HawserError(
      code,
      `${ERROR_CODES[code].text} It was sent twice: ${outcome}, ${verified}. ${failure.detail}`,
      { ...failure.options, ...(waitMs > 0 && { retryAfterMs: waitMs }) },
    );
  }
}

function isRejection({ judged }: Answer): boolean {
  return judged.kind === 'error' && judged.code === 'access_token_rejected';
}

/** Whether a write with this answer was done, or may have been. */
function mayHaveDone(judged: Classification): boolean {
  if (judged.kind === 'ok') return true;
  return !judged.refusedBeforeProcessing && ['retry', 'outcome_unknown'].includes(errorClass(judged.code));
}
