/** The actor's main loop as connection-actor.ts runs it, over the real state machine, with the promises checked after every event. */
import { judgeLease } from '#domain/lease.js';
import type { RefreshPolicy } from '#domain/refresh-policy.js';
import type { RefreshInput, RefreshOutcome } from '#workflows/connection/activities.js';
import type { ConnectionEvent } from '#workflows/connection/events.js';
import { leaseOf } from '#workflows/connection/lease-of.js';
import { isUsable, servesOn } from '#workflows/connection/refreshing.js';
import type { ConnectionState } from '#workflows/connection/state.js';
import { nextDeadline } from '#workflows/connection/time.js';
import { transition } from '#workflows/connection/transition.js';
import { wishForFresh } from '#workflows/connection/wish-for-fresh.js';
import { nextWork, type Work } from '#workflows/connection/work.js';
import { draft, exchanging, grantOf, NOW } from '../support/connection-states.js';
import { ACCESS_LIFE_MS, ModelProvider, type ProviderKind } from './model-provider.js';
import { ModelProcess, type World } from './model-process.js';
import { ModelVaultData } from './model-vault.js';
import type { Tape } from './tape.js';

const TRIES = 4;
const SEND_WITHIN_MS = 4_000;

export class ModelActor implements World {
  readonly clock = { now: NOW };
  readonly vault = new ModelVaultData();
  readonly provider: ModelProvider;
  readonly reached = new Set<string>();
  readonly untold = new Set<number>();
  readonly lines: string[] = [];
  unknownTries = 0;
  state: ConnectionState;
  /** Processes that the server has given up and that may still come back. */
  readonly zombies: ModelProcess[] = [];
  private personAsked = false;
  private broken: string | null = null;
  /** Evidence of the app when the connection was last proven. */
  private evidenceSeen = 0;
  private readonly allotted = new Set<number>();
  /** What each leased version was. */
  private readonly leased = new Map<number, string>();

  constructor(
    readonly tape: Tape,
    kind: ProviderKind,
    policy: RefreshPolicy,
  ) {
    this.provider = new ModelProvider(kind, () => this.clock.now);
    this.state = draft(policy);
    this.authorize();
  }

  log(line: string): void {
    this.lines.push(`${((this.clock.now - NOW) / 1000).toFixed(1)} ${line}`);
  }

  /** A person connects (the exchange has its own tests: here it always works). */
  private authorize(): void {
    const tokens = this.provider.grant();
    this.reached.add(tokens.refreshToken!);
    const asked = exchanging(this.state, `att_${this.provider.tokenRequests}_${this.clock.now}`, this.clock.now);
    const { attemptId, version } = asked.attempt!;
    const at = this.clock.now;
    const grant = grantOf({ grantId: attemptId, consentedAt: at });
    const facts = {
      version,
      grantId: attemptId,
      obtainedAt: at,
      accessExpiresAt: this.provider.kind.saysExpiry ? at + ACCESS_LIFE_MS : null,
      hasRefreshToken: true,
      refreshExpiresAt: null,
      scopes: [],
      instanceUrl: grant.instance.url,
      refreshed: false,
    };
    this.vault.versions.set(version, { facts, secret: tokens });
    this.state = asked;
    this.apply({
      type: 'exchanged',
      version,
      outcome: { kind: 'granted', at, jitter: 0, attemptId, grant, facts, missing: [], satisfied: [] },
    });
  }

  apply(event: ConnectionEvent): void {
    const before = this.state;
    this.state = transition(before, event);
    if (this.state.status !== before.status)
      this.log(`${before.status} -> ${this.state.status} ${this.state.reason?.code ?? ''} by ${event.type}`);
    this.check(before);
  }

  private check(before: ConnectionState): void {
    const { state } = this;
    const lease = leaseOf(state);
    if (lease.kind === 'yes') this.checkLease(lease.version);
    this.must(
      JSON.stringify(JSON.parse(JSON.stringify(state))) === JSON.stringify(state),
      'the state is no plain JSON',
    );
    if (state.status === 'invalid' && before.status !== 'invalid') this.checkLoss(before);
    const renewed = state.credential?.version !== before.credential?.version;
    if (state.status === 'connected' && (renewed || before.status !== 'connected'))
      this.evidenceSeen = this.provider.evidence;
    if (
      state.refresh.underWay !== 0 &&
      state.refresh.underWay !== before.refresh.underWay &&
      !state.refresh.wish?.adoptOnly
    ) {
      this.must(!this.allotted.has(state.refresh.underWay), `version ${state.refresh.underWay} is allotted twice`);
      this.allotted.add(state.refresh.underWay);
    }
  }

  /** The vault holds what is leased, and a number means the same credential for ever: a version is never overwritten. */
  private checkLease(version: number): void {
    const token = this.vault.versions.get(version)?.secret.accessToken;
    this.must(token !== undefined, `version ${version} is leased, the vault lacks it`);
    const before = this.leased.get(version) ?? token!;
    this.must(before === token, `version ${version} was overwritten`);
    this.leased.set(version, before);
  }

  /**
   * Only evidence invalidates; a valid access token is never given up; `rotation_lost` is said only where an answer is missing. (A try
   * that died before it sent looks the same as one whose answer was lost: then a user's revocation is called so too.)
   */
  private checkLoss(before: ConnectionState): void {
    const code = this.state.reason?.code;
    const access = this.vault.versions.get(before.credential?.version ?? 0)?.secret.accessToken ?? '';
    this.must(!this.provider.honoursAccess(access), `invalid (${code}) although the access token in force is honoured`);
    this.must(this.provider.evidence > this.evidenceSeen, `invalid (${code}) without evidence`);
    if (code === 'rotation_lost') {
      this.must(this.unknownTries > 0, 'rotation_lost although every answer arrived');
      this.must(this.state.policy.rotates !== 'never', 'rotation_lost although the app does not rotate');
    }
    if (code === 'grant_revoked' && this.unknownTries === 0)
      this.must(!this.provider.anyAlive, 'grant_revoked although the grant lives');
  }

  /** A promise that is broken inside a process is told by the next step: there, a throw would be one more failure of the vault. */
  must(holds: boolean, what: string): void {
    if (!holds) this.broken ??= `${what}\n${this.lines.join('\n')}`;
  }

  assertUnbroken(): void {
    if (this.broken !== null) throw new Error(this.broken);
  }

  onSend(process: ModelProcess, input: RefreshInput): void {
    const { credential, refresh } = input.state;
    this.must(!process.isLost, `${process.name} begins a request after it was given up`);
    this.must(
      process.highestAtStart <= (credential?.version ?? 0),
      'the vault held a newer version, and the old refresh token is spent',
    );
    this.must(
      this.state.status !== 'disconnected' || input.state.status !== 'disconnected',
      'a token call for what was given up',
    );
    this.must(refresh.dead === null, 'a token call although the refresh token is known dead');
    const held = this.vault.versions.get(credential?.version ?? 0)?.secret;
    const blind =
      credential?.accessExpiresAt === null &&
      refresh.ambiguous !== null &&
      this.clock.now - refresh.ambiguous.at >= 3_600_000;
    const harms =
      input.accessAlive && this.provider.wouldHarm(held?.refreshToken ?? '', held?.accessToken ?? '', 35_000);
    this.must(blind || !harms, 'a used refresh token is presented again while its access token still serves');
    const margin =
      credential?.accessExpiresAt == null ? null : credential.accessExpiresAt - input.state.policy.marginMs;
    const due = margin !== null && this.clock.now >= margin - 60_000;
    this.must(due || refresh.wish !== null || refresh.ambiguous !== null, 'a token call that nobody needs');
  }

  /** One piece of work, as the actor does it; false = there was none. */
  async step(): Promise<boolean> {
    this.assertUnbroken();
    this.apply({ type: 'ticked', at: this.clock.now });
    const work = nextWork(this.state, this.clock.now);
    if (work === null) {
      this.personAsked = false;
      return false;
    }
    if (
      this.state.status === 'invalid' &&
      work.kind !== 'retire' &&
      !(work.kind === 'refresh' && this.state.refresh.wish?.adoptOnly)
    ) {
      this.must(this.personAsked, `${work.kind} in invalid, and no person has asked`);
    }
    await this.perform(work);
    this.assertUnbroken();
    return true;
  }

  private async perform(work: Work): Promise<void> {
    if (work.kind === 'refresh') return this.refresh();
    if (work.kind === 'verify') return this.verify();
    if (work.kind !== 'retire') throw new Error(`The model has no ${work.kind}.`);
    const { fromVersion, toVersion } = work.retired;
    for (let version = toVersion; version >= fromVersion; version -= 1) {
      if (work.retired.revoke) this.provider.revoke(this.vault.versions.get(version)?.secret.refreshToken ?? null);
      this.vault.versions.delete(version);
    }
    this.apply({
      type: 'retired',
      outcome: { kind: 'destroyed', at: this.clock.now, jitter: 0, fromVersion, toVersion },
    });
  }

  private async refresh(): Promise<void> {
    const { now } = this.clock;
    this.apply({ type: 'refreshStarted', at: now });
    const { refresh } = this.state;
    const input: RefreshInput = {
      state: JSON.parse(JSON.stringify(this.state)) as ConnectionState,
      version: refresh.underWay,
      sendWithinMs: SEND_WITHIN_MS,
      adoptOnly: refresh.wish?.adoptOnly ?? false,
      accessAlive: servesOn(this.state, now),
    };
    for (let round = 1; round <= TRIES; round += 1) {
      const outcome = await this.try(input);
      if (outcome !== null) return this.apply({ type: 'refreshed', outcome });
      this.clock.now += 500;
    }
    this.apply({
      type: 'refreshed',
      outcome: {
        kind: 'transient',
        code: 'temporarily_unavailable',
        version: input.version,
        at: this.clock.now,
        jitter: 0.5,
      },
    });
  }

  /** One try of Temporal's; null = the worker was lost or the try threw. */
  private async try(input: RefreshInput): Promise<RefreshOutcome | null> {
    const process = new ModelProcess(this, input, this.vault.highest(input.state.grant?.grantId ?? ''));
    const outcome = await Promise.race([process.ended.catch(() => null), process.lost]);
    if (outcome !== 'lost') return outcome;
    if (process.resume !== null) this.zombies.push(process);
    return null;
  }

  private async verify(): Promise<void> {
    this.apply({ type: 'verifyStarted', at: this.clock.now });
    const version = this.state.credential?.version ?? 0;
    const stamp = { at: this.clock.now, jitter: 0.5, version };
    if (this.tape.choose({ unanswered: 15, answered: 85 }) === 'unanswered') {
      return this.apply({ type: 'verified', outcome: { kind: 'unanswered', code: 'app_unavailable', ...stamp } });
    }
    const accepted = this.provider.accepts(this.vault.versions.get(version)?.secret.accessToken ?? '');
    this.log(`verify v${version}: ${accepted}`);
    this.apply({ type: 'verified', outcome: { kind: 'answered', accepted, missing: [], satisfied: [], ...stamp } });
  }

  // --- what others do ---

  /** A job uses the connection and, where it must, asks for a fresh credential. */
  use(): void {
    const { now } = this.clock;
    this.apply({ type: 'used', at: now });
    const lease = leaseOf(this.state);
    const verdict = judgeLease(lease, now);
    if (lease.kind !== 'yes' || verdict.do === 'park' || verdict.do === 'later') return;
    const rejected =
      verdict.do === 'use' && !this.provider.accepts(this.vault.versions.get(lease.version)!.secret.accessToken);
    if (verdict.do === 'use' && !rejected) return;
    const wish = wishForFresh(this.state, { seenVersion: lease.version, by: 'job', rejected }, now);
    if (wish === 'verify') this.apply({ type: 'verifyWished', at: now, by: 'job', requirements: [] });
    if (wish === 'refresh')
      this.apply({
        type: 'refreshWished',
        at: now,
        by: 'job',
        rejectedVersion: rejected ? lease.version : 0,
        adoptOnly: false,
      });
  }

  person(kind: 'verify' | 'refresh'): void {
    this.personAsked = true;
    this.log(`a person asks: ${kind}`);
    if (kind === 'verify') this.apply({ type: 'verifyWished', at: this.clock.now, by: 'person', requirements: [] });
    else this.apply({ type: 'refreshWished', at: this.clock.now, by: 'person', rejectedVersion: 0, adoptOnly: false });
  }

  /** Jobs that know nothing better send all they have; in `invalid` it must cause nothing. */
  nag(): void {
    const at = this.clock.now;
    this.apply({ type: 'verifyWished', at, by: 'job', requirements: [] });
    if (!isUsable(this.state))
      this.apply({
        type: 'refreshWished',
        at,
        by: 'job',
        rejectedVersion: this.state.credential?.version ?? 0,
        adoptOnly: false,
      });
  }

  disconnect(): void {
    this.apply({ type: 'disconnectAsked', at: this.clock.now, by: 'person' });
  }

  interfere(): void {
    const choice = this.tape.choose({ zombie: 30, nag: 10, personVerify: 5, personRefresh: 5, use: 50 });
    // It goes on beside the process that works now.
    if (choice === 'zombie') void this.resumeZombie();
    if (choice === 'nag') this.nag();
    if (choice === 'personVerify') this.person('verify');
    if (choice === 'personRefresh') this.person('refresh');
    if (choice === 'use') this.use();
  }

  /** A given-up process goes on; a renewal that it brings is announced by the signal `lateAnswer`. */
  resumeZombie(): Promise<void> {
    const zombie = this.zombies.shift();
    if (!zombie) return Promise.resolve();
    zombie.resume?.();
    const died = new Promise<null>((resolve) => setImmediate(() => setImmediate(() => resolve(null))));
    return Promise.race([zombie.ended.catch(() => null), died]).then((outcome) => {
      if (outcome?.kind === 'renewed') this.lateAnswer(outcome.version);
    });
  }

  private lateAnswer(version: number): void {
    this.log(`late answer v${version}`);
    this.apply({ type: 'lateAnswer', at: this.clock.now, version });
  }

  /** Moves to the next deadline, at most `longestMs` on. */
  advance(longestMs: number): void {
    const deadline = nextDeadline(this.state, this.clock.now) ?? Infinity;
    this.clock.now = Math.max(this.clock.now + 1, Math.min(this.clock.now + longestMs, deadline));
  }

  /** A refresh token that reached a living process of ours and that the app still honours. */
  livingToken(): string | undefined {
    return [...this.reached].find((token) => this.provider.honoursRefresh(token));
  }
}
