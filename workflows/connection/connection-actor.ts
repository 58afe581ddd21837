/**
 * The connection actor: the only writer of its grant. Handlers record wishes in the state, the main loop does one piece of work at
 * a time, callers wait for the round that serves them. See state.ts for the states and design.md section 3 for the promises.
 */
import {
  ApplicationFailure,
  CancellationScope,
  allHandlersFinished,
  condition,
  log,
  continueAsNew,
  patched,
  setCurrentDetails,
  setHandler,
  sleep,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { Actor, Lease } from '../../libs/domain/lease.js';
import { ROLLING } from '../../libs/domain/rolling.js';
import { announcing, plainWork, renewing, tokenWork } from './activity-proxies.js';
import type { ConnectionEvent } from './events.js';
import { leaseOf } from './lease-of.js';
import * as messages from './messages.js';
import { wishForFresh, wishToRefresh } from './wish-for-fresh.js';
import { servesOn } from './refreshing.js';
import { searchAttributesOf } from './search-attributes-of.js';
import { readSignal } from './read-signal.js';
import type { ConnectionState } from './state.js';
import { STATE_VERSION } from './state.js';
import { backOffMs } from './status.js';
import { nextDeadline } from './time.js';
import { transition } from './transition.js';
import { detailsOf, metadataOf, viewOf } from './view-of.js';
import type { Work } from './work.js';
import { nextAnnouncement, nextWork } from './work.js';

/** Rolls at about so many events: a query to an evicted actor costs 40 ms at 50 events, 160 at 300. */
const ROLL_AT_EVENTS = 200;

/** A token request goes out within this time after its try was known to count, or never; shorter than the heartbeat time-out. */
const SEND_WITHIN_MS = 4_000;

/** A person's refresh of a version that was just renewed is a verification. */
const YOUNG_IS_VERIFIED = 'young-version-is-verified';

/** An ambiguous renewal of a rejected token is repeated by itself, soon, whoever reports the rejection, and whenever. */
const REJECTED_IS_REPEATED = 'rejected-is-repeated';

/** A late answer is looked for at once, also where a renewal waits for it. */
const LATE_ANSWER_AT_ONCE = 'late-answer-at-once';

export class ConnectionActor {
  private rolling = false;
  private rollAsked = false;
  /** Raised by every change: the main loop looks again. */
  private changes = 0;
  private timer: { at: number; scope: CancellationScope } | null = null;
  private announcingSequence = 0;
  private shownStatus = '';
  private workFailures = 0;

  constructor(private state: ConnectionState) {
    if (state.v !== STATE_VERSION) {
      // A plain Error on purpose: the task is repeated until a worker of the newer version takes it.
      throw new Error(`This worker knows connection state version ${STATE_VERSION}, not ${String(state.v)}.`);
    }
    this.registerQueries();
    this.registerSignals();
    this.registerWaitingUpdates();
    this.registerPlainUpdates();
    this.show();
  }

  /** Runs until the connection is deleted and everything of it is revoked and destroyed. */
  async run(): Promise<void> {
    for (;;) {
      this.apply({ type: 'ticked', at: Date.now() });
      this.startAnnouncing();
      const work = nextWork(this.state, Date.now());
      if (work !== null) {
        await this.attempt(work);
        continue;
      }
      if (this.isOver()) return;
      if (this.rollIsDue()) await this.roll();
      this.arm(nextDeadline(this.state, Date.now()));
      const seen = this.changes;
      await condition(() => this.changes !== seen || this.rollIsDue());
    }
  }

  /** A person has cancelled the workflow. */
  disconnect(): void {
    this.apply({ type: 'disconnectAsked', at: Date.now(), by: 'person' });
  }

  // --- state ---

  private apply(event: ConnectionEvent): void {
    const next = transition(this.state, event);
    if (next === this.state) return;
    this.state = next;
    this.changes += 1;
    this.show();
  }

  /** Current details cost no event; search attributes do, so they are written on a change of status only. */
  private show(): void {
    setCurrentDetails(detailsOf(this.state));
    const shown = `${this.state.status}/${this.state.reason?.code ?? ''}`;
    if (shown === this.shownStatus) return;
    this.shownStatus = shown;
    upsertSearchAttributes(searchAttributesOf(this.state));
  }

  // --- work ---

  /** One piece of work. A failure of the activity itself (worker lost, store away) is repeated with pauses; it proves nothing. */
  private async attempt(work: Work): Promise<void> {
    try {
      await this.perform(work);
      this.workFailures = 0;
    } catch (error) {
      log.warn('A piece of work failed and will be repeated.', { kind: work.kind, error: String(error) });
      this.afterLostWork(work);
      this.workFailures += 1;
      await sleep(backOffMs(Math.min(this.workFailures, 6), Math.random()));
    }
  }

  private async perform(work: Work): Promise<void> {
    switch (work.kind) {
      case 'reconcile':
        return this.apply({ type: 'reconciled', outcome: await plainWork.reconcile({ state: this.state }) });
      case 'exchange':
        return this.exchange(work.attemptId);
      case 'checkAttempt': {
        const { at, answered } = await plainWork.checkAttempt({ state: this.state, attemptId: work.attemptId });
        return this.apply({ type: 'attemptChecked', at, attemptId: work.attemptId, answered });
      }
      case 'refresh':
        return this.refresh();
      case 'verify':
        return this.verify();
      case 'retire':
        return this.apply({ type: 'retired', outcome: await plainWork.retire({ state: this.state, retired: work.retired }) });
    }
  }

  private async exchange(attemptId: string): Promise<void> {
    this.apply({ type: 'exchangeStarted', at: Date.now() });
    const version = this.state.attempt?.version ?? 0;
    const outcome = await tokenWork.exchange({ state: this.state, attemptId, version });
    this.apply({ type: 'exchanged', outcome, version });
  }

  private async refresh(): Promise<void> {
    this.apply({ type: 'refreshStarted', at: Date.now() });
    const { refresh } = this.state;
    const outcome = await renewing.refresh({
      state: this.state,
      version: refresh.underWay,
      sendWithinMs: SEND_WITHIN_MS,
      adoptOnly: refresh.wish?.adoptOnly ?? false,
      accessAlive: servesOn(this.state, Date.now()),
    });
    const repeats = outcome.kind === 'ambiguous' && patched(REJECTED_IS_REPEATED);
    this.apply({ type: 'refreshed', outcome: repeats ? { ...outcome, rejectedIsRepeated: true } : outcome });
  }

  private async verify(): Promise<void> {
    this.apply({ type: 'verifyStarted', at: Date.now() });
    const outcome = await plainWork.verify({ state: this.state, requirements: this.state.verify.underWay?.requirements ?? [] });
    this.apply({ type: 'verified', outcome });
  }

  /** The activity gave no outcome: callers are answered with a trouble that is not the grant's. */
  private afterLostWork(work: Work): void {
    const lost = { at: Date.now(), jitter: Math.random(), code: 'temporarily_unavailable' } as const;
    if (work.kind === 'refresh') this.apply({ type: 'refreshed', outcome: { kind: 'transient', version: this.state.refresh.underWay, ...lost } });
    if (work.kind === 'verify') this.apply({ type: 'verified', outcome: { kind: 'unanswered', version: this.state.credential?.version ?? 0, ...lost } });
    if (work.kind === 'exchange') this.apply({ type: 'exchanged', version: this.state.attempt?.version ?? 0, outcome: { kind: 'repeat', attemptId: work.attemptId, ...lost } });
  }

  /** Announcements run beside the work on the grant, one at a time and in order. */
  private startAnnouncing(): void {
    const announcement = nextAnnouncement(this.state);
    if (announcement === null || this.announcingSequence !== 0) return;
    this.announcingSequence = announcement.sequence;
    void announcing.announce({ state: this.state, announcement }).then(
      () => this.afterAnnouncing(announcement.sequence),
      (error: unknown) => {
        log.error('An announcement was given up.', { sequence: announcement.sequence, error: String(error) });
        this.afterAnnouncing(announcement.sequence);
      },
    );
  }

  private afterAnnouncing(sequence: number): void {
    this.announcingSequence = 0;
    this.apply({ type: 'announced', at: Date.now(), sequence });
  }

  // --- time and rolling over ---

  /** One timer, left alone when it fires too early for the new deadline: re-arming costs two events, an early wake none more. Without a deadline there is none. */
  private arm(deadline: number | null): void {
    if (deadline !== null && this.timer !== null && this.timer.at <= deadline) return;
    this.timer?.scope.cancel();
    this.timer = null;
    if (deadline === null) return;
    const scope = new CancellationScope();
    const timer = { at: deadline, scope };
    this.timer = timer;
    const fired = (): void => {
      if (this.timer === timer) this.timer = null;
      this.changes += 1;
    };
    // The scope's own promise ends at once: the stacks of pending promises are what an idle actor weighs most.
    void scope.run(async () => {
      void sleep(Math.max(1, deadline - Date.now())).then(fired, () => undefined);
    });
  }

  private rollIsDue(): boolean {
    const info = workflowInfo();
    return this.rollAsked || info.historyLength > ROLL_AT_EVENTS || info.continueAsNewSuggested;
  }

  private isIdle(): boolean {
    return this.announcingSequence === 0 && this.state.announcements.length === 0 && nextWork(this.state, Date.now()) === null;
  }

  private isOver(): boolean {
    return this.state.status === 'deleted' && this.state.retired.length === 0 && this.isIdle() && allHandlersFinished();
  }

  /** The gate: validators refuse while handlers finish, then the state goes on in a new run (temporal-live.md section 3). */
  private async roll(): Promise<void> {
    this.rolling = true;
    // Work that comes in meanwhile is done first: a handler may be waiting for it.
    const quiet = (): boolean => allHandlersFinished() && this.announcingSequence === 0;
    await condition(() => quiet() || nextWork(this.state, Date.now()) !== null);
    this.apply({ type: 'ticked', at: Date.now() });
    if (!quiet() || nextWork(this.state, Date.now()) !== null || this.state.announcements.length > 0) {
      this.rolling = false;
      return;
    }
    await continueAsNew<(input: messages.ConnectionWorkflowInput) => Promise<void>>({ state: { ...this.state, evenSpread: true } });
  }

  private refuseWhileRolling(): void {
    if (this.rolling) throw ApplicationFailure.create({ type: ROLLING, message: 'The actor is rolling over. Repeat with the same update id.' });
  }

  // --- messages ---

  private registerQueries(): void {
    setHandler(messages.credentialsQuery, () => leaseOf(this.state), { description: 'A lease: may the connection be used now? Never the secret.' });
    setHandler(messages.metadataQuery, () => metadataOf(this.state), { description: 'Identity, instance, scopes, rights, health, forecast.' });
    setHandler(messages.statusQuery, () => viewOf(this.state), { description: 'The whole visible state.' });
  }

  private registerSignals(): void {
    setHandler(messages.authorizeSignal, (input) => {
      const { attemptId, expiresAt, by } = readSignal(input);
      if (attemptId && expiresAt) {
        this.apply({ type: 'authorizeAsked', at: Date.now(), attemptId, expiresAt, by });
      } else {
        this.apply({ type: 'authorizeRequested', at: Date.now() });
      }
    }, { description: 'Asks for an authorization. Without input: shown to people as the next step.' });
    setHandler(messages.refreshSignal, (input) => {
      const { by, seenVersion } = readSignal(input);
      this.wishRefresh({ by, ...(seenVersion !== undefined && { seenVersion }) });
    }, { description: 'Renews the credential now. No input needed.' });
    setHandler(messages.verifySignal, (input) => {
      const { by, requirements } = readSignal(input);
      this.apply({ type: 'verifyWished', at: Date.now(), by, requirements });
    }, { description: 'Proves the credential at the app now. No input needed.' });
    setHandler(messages.attemptAnsweredSignal, (input) => {
      const { attemptId } = readSignal(input);
      if (attemptId) this.apply({ type: 'attemptAnswered', at: Date.now(), attemptId });
    });
    setHandler(messages.usedSignal, (input) => {
      const { at } = readSignal(input);
      if (at !== undefined) this.apply({ type: 'used', at: Math.min(at, Date.now()) });
    });
    setHandler(messages.rollSignal, () => {
      this.rollAsked = true;
    }, { description: 'Rolls over to a new run (after an upgrade or a key rotation).' });
    setHandler(messages.lateAnswerSignal, (input) => {
      const { version } = readSignal(input);
      if (version !== undefined) this.apply({ type: 'lateAnswer', at: Date.now(), version, atOnce: patched(LATE_ANSWER_AT_ONCE) });
    });
  }

  /** A person's or a job's wish to renew, whatever the clock says. @returns What there is to wait for. */
  private wishRefresh(input: Partial<messages.RefreshUpdateInput> & { by: Actor }): 'answer' | 'refresh' | 'verify' {
    const { by } = input;
    let wish = wishToRefresh(this.state, input, Date.now());
    // Runs of older builds renewed a young version: their histories say so.
    if (wish === 'verify' && !patched(YOUNG_IS_VERIFIED)) wish = 'refresh';
    if (wish === 'verify') this.apply({ type: 'verifyWished', at: Date.now(), by, requirements: [] });
    if (wish === 'refresh') this.apply({ type: 'refreshWished', at: Date.now(), by, rejectedVersion: 0, adoptOnly: false });
    return wish;
  }

  private registerWaitingUpdates(): void {
    setHandler(messages.ensureFreshUpdate, (input) => this.ensureFresh(input), { validator: (_input) => this.refuseWhileRolling(), description: 'Waits for a credential newer than the one seen.' });
    setHandler(messages.refreshUpdate, async (input) => {
      const wish = this.wishRefresh(input);
      if (wish === 'verify') await this.verifyRound();
      else await this.refreshRound();
      return viewOf(this.state);
    }, { validator: (_input) => this.refuseWhileRolling() });
    setHandler(messages.verifyUpdate, async (input) => {
      if (input.seenProof >= this.state.proofCount || input.requirements.length > 0) {
        this.apply({ type: 'verifyWished', at: Date.now(), by: input.by, requirements: input.requirements });
        await this.verifyRound();
      }
      return viewOf(this.state);
    }, { validator: (_input) => this.refuseWhileRolling() });
  }

  private async ensureFresh(input: messages.EnsureFreshInput): Promise<Lease> {
    const wish = wishForFresh(this.state, input, Date.now());
    if (wish === 'verify') {
      this.apply({ type: 'verifyWished', at: Date.now(), by: input.by, requirements: [] });
      await this.verifyRound();
    } else if (wish === 'refresh' || (wish === 'remember' && patched(REJECTED_IS_REPEATED))) {
      const rejectedVersion = input.rejected ? input.seenVersion : 0;
      this.apply({ type: 'refreshWished', at: Date.now(), by: input.by, rejectedVersion, adoptOnly: false });
      if (wish === 'refresh') await this.refreshRound();
    }
    return leaseOf(this.state);
  }

  /** Waits for the renewal that is wished or under way; returns at once when there is none. */
  private async refreshRound(): Promise<void> {
    const { rounds, underWay, wish } = this.state.refresh;
    if (underWay === 0 && wish === null) return;
    await condition(() => this.state.refresh.rounds > rounds || (this.state.refresh.underWay === 0 && this.state.refresh.wish === null));
  }

  /** Waits for the verification that is wished: the one under way began before the wish, so the next one counts. */
  private async verifyRound(): Promise<void> {
    const { rounds, underWay, wish } = this.state.verify;
    if (wish === null && underWay === null) return;
    const awaited = rounds + (wish !== null && underWay !== null ? 2 : 1);
    await condition(() => this.state.verify.rounds >= awaited || (this.state.verify.wish === null && this.state.verify.underWay === null && this.state.refresh.wish === null));
  }

  /** Updates that change the state at once and wait for nothing. */
  private registerPlainUpdates(): void {
    const answer = (event: ConnectionEvent): messages.ConnectionView => {
      this.apply(event);
      return viewOf(this.state);
    };
    const refuseDeleted = (): void => {
      this.refuseWhileRolling();
      if (this.state.status === 'deleted') throw ApplicationFailure.nonRetryable('The connection was deleted.', 'connection_deleted');
    };
    setHandler(messages.authorizeUpdate, (input) => answer({ type: 'authorizeAsked', at: Date.now(), ...input }), { validator: (_input) => refuseDeleted() });
    setHandler(messages.decideCandidateUpdate, (input) => answer({ type: 'candidateDecided', at: Date.now(), ...input }), { validator: this.refuseUnknownCandidate });
    setHandler(messages.cancelAttemptUpdate, ({ attemptId }) => answer({ type: 'attemptCancelled', at: Date.now(), attemptId }), { validator: (_input) => this.refuseWhileRolling() });
    setHandler(messages.disconnectUpdate, ({ by }) => answer({ type: 'disconnectAsked', at: Date.now(), by }), { validator: (_input) => refuseDeleted() });
    setHandler(messages.deleteUpdate, ({ by }) => answer({ type: 'deleteAsked', at: Date.now(), by }), { validator: (_input) => this.refuseWhileRolling() });
    setHandler(messages.reconfigureUpdate, (input) => answer({ type: 'reconfigured', at: Date.now(), ...input }), { validator: (_input) => refuseDeleted() });
  }

  private refuseUnknownCandidate = ({ attemptId }: { attemptId: string }): void => {
    this.refuseWhileRolling();
    const decided = this.state.lastAttempt?.attemptId === attemptId && this.state.candidate === null;
    if (this.state.candidate?.attemptId !== attemptId && !decided) {
      throw ApplicationFailure.nonRetryable('No candidate of this attempt waits for a decision.', 'conflict');
    }
  };
}
