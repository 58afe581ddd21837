/**
 * The loop of a recipe: it polls its trigger, starts jobs, keeps the order of each record, and parks. What changes the state from outside
 * stands in handlers.ts, the state's rules in state.ts.
 */
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  isCancellation,
  patched,
  workflowInfo,
} from '@temporalio/workflow';
import { jobWorkflowId } from '#domain/ids.js';
import { predecessorDoneSignal } from '../job/messages.js';
import { stepFailureOf } from '../job/step-failure.js';
import { asking, polling } from './activity-proxies.js';
import { Alarm } from './alarm.js';
import { registerHandlers, type HandledRecipe } from './handlers.js';
import type { OpenJob, RecipeView, RecipeWorkflowInput } from './messages.js';
import { OLD_POLL_IS_OLD, WAITING_ROLLS } from './patches.js';
import { ShownStatus } from './shown-status.js';
import {
  askOf,
  capacityOf,
  liveRecipe,
  looked,
  polled,
  pollFailed,
  projected,
  projectionKey,
  reconciled,
  stopped,
  workOf,
  type LiveRecipe,
} from './state.js';
import { viewOf } from './view-of.js';

const ROLL_AT_EVENTS = 200;

type RecipeWorkflow = (input: RecipeWorkflowInput) => Promise<RecipeView>;

export class RecipeRun implements HandledRecipe {
  state: LiveRecipe;
  /** The poll under way, with what it was asked for. */
  private polling: { scope: CancellationScope; asked: LiveRecipe } | null = null;
  private looking = false;
  private projecting = false;
  private mustRoll = false;
  private released: OpenJob[] = [];
  private dirty = true;
  private readonly alarm = new Alarm(() => (this.dirty = true));
  private readonly shown = new ShownStatus();

  /** Registers the handlers. */
  constructor(input: RecipeWorkflowInput) {
    this.state = liveRecipe(input.state);
    registerHandlers(this);
  }

  async run(): Promise<RecipeView> {
    while (this.state.status !== 'deleted') {
      this.dirty = false;
      this.shown.show(this.state);
      await this.releaseSuccessors();
      if (this.mustRoll || this.isLong()) await this.roll();
      this.work();
      await this.sleep();
    }
    return this.end();
  }

  stop(): void {
    this.set(stopped(this.state, Date.now()));
  }

  /** Starts what is due, in the background; each reports by a change of the state. */
  private work(): void {
    const work = workOf(this.state, Date.now());
    if (this.polling && !this.pollStillFits()) this.polling.scope.cancel();
    if (work.poll && !this.polling) this.startPoll();
    if (work.look && !this.looking) this.background(this.look(), 'looking');
    if (work.reconcile.length > 0) this.background(this.reconcile(work.reconcile), null);
    const key = projectionKey(this.state);
    if (key !== this.state.progress.projected && !this.projecting) this.background(this.project(key), 'projecting');
  }

  /** Until something changes, or something is due. */
  private async sleep(): Promise<void> {
    this.alarm.setFor(workOf(this.state, Date.now()).wakeAt);
    await condition(() => this.dirty || this.rollIsDue());
  }

  private isLong(): boolean {
    const { historyLength, continueAsNewSuggested } = workflowInfo();
    return historyLength > ROLL_AT_EVENTS || continueAsNewSuggested;
  }

  /** Whatever it waits for, and for however long: its history never grows without end. */
  private rollIsDue(): boolean {
    return this.isLong() && patched(WAITING_ROLLS);
  }

  set(next: LiveRecipe): void {
    if (next === this.state) return;
    this.state = next;
    this.dirty = true;
  }

  askToRoll(): void {
    this.mustRoll = true;
    this.dirty = true;
  }

  take({ state, released }: { state: LiveRecipe; released: OpenJob[] }): void {
    this.released.push(...released);
    this.set(state);
  }

  private background(task: Promise<void>, flag: 'looking' | 'projecting' | null): void {
    if (flag) this[flag] = true;
    void task.finally(() => {
      if (flag) this[flag] = false;
      this.dirty = true;
    });
  }

  private pollStillFits(): boolean {
    const { asked } = this.polling!;
    return this.state.status === 'running' && this.state.version === asked.version && !this.mustRoll;
  }

  private startPoll(): void {
    const asked = askOf(this.state);
    const scope = new CancellationScope();
    this.polling = { scope, asked };
    const done = scope
      .run(() => polling.poll({ state: asked, capacity: capacityOf(asked) }))
      .then(
        (outcome) => this.take(polled(this.state, outcome, asked)),
        (error: unknown) => {
          // What a poll of the version before met (a connection that is not bound any more) says nothing of this one.
          if (asked.version !== this.state.version && patched(OLD_POLL_IS_OLD)) return;
          if (!isCancellation(error)) this.set(pollFailed(this.state, stepFailureOf(error), Date.now(), Math.random()));
        },
      );
    void done.finally(() => {
      this.polling = null;
      this.dirty = true;
    });
  }

  private async look(): Promise<void> {
    const before = this.state.waitingFor;
    if (!before) return;
    const { workspaceId, progress } = this.state;
    const { connectionId, requirement } = before;
    const verdict =
      connectionId === ''
        ? 'wait'
        : await asking.look({ workspaceId, connectionId, requirement, since: progress.parkedAt });
    if (this.state.waitingFor === before) this.set(looked(this.state, verdict, Date.now(), Math.random()));
  }

  private async reconcile(jobIds: string[]): Promise<void> {
    // Marked at once, so that it is not asked again while it runs.
    this.state = reconciled(this.state, [], Date.now()).state;
    const closed = await asking.closedJobs({ workspaceId: this.state.workspaceId, jobIds });
    this.take(reconciled(this.state, closed, Date.now()));
  }

  private async project(key: string): Promise<void> {
    await asking.projectRecipe({ state: this.state });
    this.state = projected(this.state, key);
  }

  private async releaseSuccessors(): Promise<void> {
    while (this.released.length > 0) {
      const jobs = this.released.splice(0);
      await Promise.all(jobs.map((job) => this.release(job)));
    }
  }

  private async release(job: OpenJob): Promise<void> {
    try {
      const handle = getExternalWorkflowHandle(jobWorkflowId(this.state.workspaceId, job.jobId));
      await handle.signal(predecessorDoneSignal, { jobId: job.after ?? '' });
    } catch {
      // It is closed already, or its own net finds that its predecessor has ended.
    }
  }

  private async roll(): Promise<void> {
    this.mustRoll = true;
    this.polling?.scope.cancel();
    await condition(() => this.polling === null);
    await this.releaseSuccessors();
    await condition(allHandlersFinished);
    // The next run begins under this code.
    const state = { ...this.state, vaultIsRepeated: true };
    if (state.status !== 'deleted') await continueAsNew<RecipeWorkflow>({ state });
  }

  private async end(): Promise<RecipeView> {
    this.shown.show(this.state);
    this.polling?.scope.cancel();
    await condition(() => this.polling === null);
    // The store may be away for long: then the end begins again in a new run.
    let told = false;
    const telling = asking.projectRecipe({ state: this.state }).then(() => (told = true));
    await Promise.race([telling, condition(() => told || this.rollIsDue())]);
    if (!told && this.rollIsDue()) await continueAsNew<RecipeWorkflow>({ state: this.state });
    await telling;
    await this.releaseSuccessors();
    await condition(allHandlersFinished);
    return viewOf(this.state);
  }
}
