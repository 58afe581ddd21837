/**
 * The connection actor: the only writer of its grant. Handlers (handlers.ts) record wishes in the state, the main loop does one piece
 * of work at a time, callers wait for the round that serves them. See state.ts for the states and docs/decisions.md for the promises.
 */
import {
  CancellationScope,
  allHandlersFinished,
  condition,
  log,
  continueAsNew,
  patched,
  setCurrentDetails,
  sleep,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { announcing, plainWork, renewing, tokenWork } from './activity-proxies.js';
import type { ConnectionEvent } from './events.js';
import { registerHandlers, type HandledActor } from './handlers.js';
import type { ConnectionWorkflowInput } from './messages.js';
import type { Resets } from '../resets.js';
import { REJECTED_IS_REPEATED, RESET_IS_RECONCILED, ROLL_BEFORE_WORK, ROLLS_AFTER_ANNOUNCING } from './patches.js';
import { servesOn } from './refreshing.js';
import { knownLate } from './retiring.js';
import { searchAttributesOf } from './search-attributes-of.js';
import type { ConnectionState } from './state.js';
import { STATE_VERSION } from './state.js';
import { backOffMs } from './status.js';
import { nextDeadline } from './time.js';
import { transition } from './transition.js';
import { detailsOf } from './view-of.js';
import type { Work } from './work.js';
import { nextAnnouncement, nextWork } from './work.js';

/** Rolls at about so many events: a query to an evicted actor costs 40 ms at 50 events, 160 at 300. */
const ROLL_AT_EVENTS = 200;

/**
 * So long a run rolls whatever else is under way: callers are refused until those that wait are served, and an announcement that hangs
 * is begun again by the next run. Nothing that goes on for weeks may reach the limit at which Temporal ends a run.
 */
const OVERDUE_AT_EVENTS = 2 * ROLL_AT_EVENTS;

/** A token request goes out within this time after its try was known to count, or never; shorter than the heartbeat time-out. */
const SEND_WITHIN_MS = 4_000;

export class ConnectionActor implements HandledActor {
  rolling = false;
  private rollAsked = false;
  /** Raised by every change: the main loop looks again. */
  private changes = 0;
  private timer: { at: number; scope: CancellationScope } | null = null;
  private announcingSequence = 0;
  private shownStatus = '';
  private workFailures = 0;

  /** What is under way: a reset cancels it, if it has not left this process yet. */
  private working: CancellationScope | null = null;
  private revisionBefore: number;

  constructor(
    public state: ConnectionState,
    resets: Resets,
  ) {
    if (state.v !== STATE_VERSION) {
      // A plain Error on purpose: the task is repeated until a worker of the newer version takes it.
      throw new Error(`This worker knows connection state version ${STATE_VERSION}, not ${String(state.v)}.`);
    }
    this.revisionBefore = state.revision;
    resets.begins = () => void (this.revisionBefore = this.state.revision);
    resets.seen = () => this.afterReset();
    registerHandlers(this);
    if (resets.early > 0) this.afterReset();
    this.show();
  }

  /** Runs until the connection is deleted and everything of it is revoked and destroyed. */
  async run(): Promise<void> {
    for (;;) {
      this.apply({ type: 'ticked', at: Date.now() });
      this.startAnnouncing();
      const work = nextWork(this.state, Date.now());
      if (work !== null) {
        if (this.mayLeave() && patched(ROLL_BEFORE_WORK)) await this.goOnInNewRun();
        await this.attempt(work);
        continue;
      }
      if (this.isOver()) return;
      if (this.mayRoll()) await this.roll();
      this.arm(nextDeadline(this.state, Date.now()));
      const seen = this.changes;
      await condition(() => this.changes !== seen || this.mayRoll());
    }
  }

  /** A person has cancelled the workflow. */
  disconnect(): void {
    this.apply({ type: 'disconnectAsked', at: Date.now(), by: 'person' });
  }

  askToRoll(): void {
    this.rollAsked = true;
  }

  // --- state ---

  apply(event: ConnectionEvent): void {
    const next = transition(this.state, event);
    if (next === this.state) return;
    this.state = next;
    this.changes += 1;
    this.show();
  }

  /**
   * An operator has reset this run. Signals that are sent again come before this is told, in the same turn: work that they began has not
   * left this process yet, and never does.
   */
  private afterReset(): void {
    if (!patched(RESET_IS_RECONCILED)) return;
    this.apply({ type: 'resetSeen', revision: this.revisionBefore });
    this.working?.cancel();
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
      this.working = new CancellationScope();
      await this.working.run(() => this.perform(work));
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
        return this.apply({
          type: 'retired',
          outcome: await plainWork.retire({ state: this.state, retired: work.retired }),
          ...knownLate(work.retired),
        });
    }
  }

  private async exchange(attemptId: string): Promise<void> {
    this.apply({ type: 'exchangeStarted', at: Date.now() });
    const version = this.state.attempt?.version ?? 0;
    const { runId } = workflowInfo();
    const outcome = await tokenWork.exchange({ state: this.state, attemptId, version, runId });
    this.apply({ type: 'exchanged', outcome, version });
  }

  private async refresh(): Promise<void> {
    this.apply({ type: 'refreshStarted', at: Date.now() });
    const { refresh } = this.state;
    const outcome = await renewing.refresh({
      state: this.state,
      runId: workflowInfo().runId,
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
    const outcome = await plainWork.verify({
      state: this.state,
      requirements: this.state.verify.underWay?.requirements ?? [],
    });
    this.apply({ type: 'verified', outcome });
  }

  /** The activity gave no outcome: callers are answered with a trouble that is not the grant's. */
  private afterLostWork(work: Work): void {
    const lost = { at: Date.now(), jitter: Math.random(), code: 'temporarily_unavailable' } as const;
    if (work.kind === 'refresh')
      this.apply({ type: 'refreshed', outcome: { kind: 'transient', version: this.state.refresh.underWay, ...lost } });
    if (work.kind === 'verify')
      this.apply({
        type: 'verified',
        outcome: { kind: 'unanswered', version: this.state.credential?.version ?? 0, ...lost },
      });
    if (work.kind === 'exchange')
      this.apply({
        type: 'exchanged',
        version: this.state.attempt?.version ?? 0,
        outcome: { kind: 'repeat', attemptId: work.attemptId, ...lost },
      });
  }

  /** Announcements run beside the work on the grant, one at a time and in order. */
  private startAnnouncing(): void {
    const announcement = nextAnnouncement(this.state);
    if (announcement === null || this.announcingSequence !== 0) return;
    this.announcingSequence = announcement.sequence;
    void announcing.announce({ state: this.state, announcement }).then(
      (told) => this.afterAnnouncing(announcement.sequence, told?.toldThrough),
      (error: unknown) => {
        log.error('An announcement was given up.', { sequence: announcement.sequence, error: String(error) });
        this.afterAnnouncing(announcement.sequence, null);
      },
    );
  }

  private afterAnnouncing(sequence: number, toldThrough: number | null | undefined): void {
    this.announcingSequence = 0;
    // Also where the state does not know of it any more (a reset): whoever waits for the end of announcing looks again.
    this.changes += 1;
    this.apply({ type: 'announced', at: Date.now(), sequence, ...(toldThrough !== undefined && { toldThrough }) });
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

  /** An announcement may take long (a store that is away, a sweep of thousands): till it is over the actor serves as ever. */
  private mayRoll(): boolean {
    if (!this.rollIsDue()) return false;
    return this.announcingSequence === 0 || !patched(ROLLS_AFTER_ANNOUNCING) || this.isOverdue();
  }

  private isOverdue(): boolean {
    return workflowInfo().historyLength > OVERDUE_AT_EVENTS && patched(ROLLS_AFTER_ANNOUNCING);
  }

  private isIdle(): boolean {
    return (
      this.announcingSequence === 0 &&
      this.state.announcements.length === 0 &&
      nextWork(this.state, Date.now()) === null
    );
  }

  private isOver(): boolean {
    return this.state.status === 'deleted' && this.state.retired.length === 0 && this.isIdle() && allHandlersFinished();
  }

  /** The gate: validators refuse while handlers finish, then the state goes on in a new run (docs/decisions.md, "Rolling over"). */
  private async roll(): Promise<void> {
    this.rolling = true;
    const isTold = (pending: number): boolean => pending === 0 || this.isOverdue();
    const quiet = (): boolean => allHandlersFinished() && isTold(this.announcingSequence);
    // Work that comes in meanwhile is done first: a handler may be waiting for it.
    await condition(() => quiet() || nextWork(this.state, Date.now()) !== null || !this.mayRoll());
    this.apply({ type: 'ticked', at: Date.now() });
    const isBusy = nextWork(this.state, Date.now()) !== null || !isTold(this.state.announcements.length);
    if (!quiet() || isBusy) {
      this.rolling = false;
      return;
    }
    await this.goOnInNewRun();
  }

  /** Between two pieces of work, where nobody waits: what is to be done goes along in the state. Failing work meets this too. */
  private mayLeave(): boolean {
    if (!this.rollIsDue()) return false;
    const overdue = workflowInfo().historyLength > OVERDUE_AT_EVENTS;
    if (overdue) this.rolling = true;
    return allHandlersFinished() && (overdue || this.announcingSequence === 0);
  }

  private async goOnInNewRun(): Promise<void> {
    this.rolling = true;
    await continueAsNew<(input: ConnectionWorkflowInput) => Promise<void>>({
      state: { ...this.state, evenSpread: true, paced: true },
    });
  }
}
