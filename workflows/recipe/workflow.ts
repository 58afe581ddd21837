/** A recipe lives from creation until deletion. It polls its trigger, starts jobs, keeps the order of each record, and parks. */
import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  isCancellation,
  ActivityCancellationType,
  patched,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  sleep,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import { ERROR_CODES, type ErrorCode } from '#domain/errors.js';
import { jobWorkflowId } from '#domain/ids.js';
import { SEARCH_ATTRIBUTE } from '#domain/search-attributes.js';
import { predecessorDoneSignal } from '../job/messages.js';
import { stepFailureOf } from '../job/step-failure.js';
import type { RecipeActivities } from './activities.js';
import {
  changeRecipeUpdate,
  deleteRecipeUpdate,
  jobDoneSignal,
  recipeStatusQuery,
  rollRecipeSignal,
  startRecipeUpdate,
  stopRecipeUpdate,
  wakeRecipeSignal,
  type OpenJob,
  type RecipeView,
  type RecipeWorkflowInput,
} from './messages.js';
import { uncheckedMessage } from '../unchecked-message.js';
import { MESSAGES_ARE_CHECKED, OLD_POLL_IS_OLD, WAITING_ROLLS } from './patches.js';
import { faultOfChange, pickChange, readJobDone, readWake } from './read-message.js';
import {
  askOf,
  capacityOf,
  changed,
  deleted,
  jobsDone,
  liveRecipe,
  looked,
  polled,
  pollFailed,
  projected,
  projectionKey,
  reconciled,
  started,
  stopped,
  woken,
  workOf,
  type LiveRecipe,
} from './state.js';
import { detailsOf, viewOf } from './view-of.js';

const ROLL_AT_EVENTS = 200;

/**
 * Repeats by itself while there is nothing new (no history). A poll under way is never torn: its outcome tells which jobs it
 * has started, so a cancel is waited for.
 */
const { poll } = proxyActivities<RecipeActivities>({
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: '15 s',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '2 s', maximumInterval: '1 minute' },
});
const { look, closedJobs, projectRecipe } = proxyActivities<RecipeActivities>({
  startToCloseTimeout: '30 s',
  retry: { maximumInterval: '1 minute' },
});

const statusKey = defineSearchAttributeKey(SEARCH_ATTRIBUTE.status, 'KEYWORD');
const waitingForKey = defineSearchAttributeKey(SEARCH_ATTRIBUTE.waitingFor, 'KEYWORD');
const missingKey = defineSearchAttributeKey(SEARCH_ATTRIBUTE.missing, 'KEYWORD');

export async function recipeWorkflow(input: RecipeWorkflowInput): Promise<RecipeView> {
  return new RecipeRun(input).run();
}

class RecipeRun {
  private state: LiveRecipe;
  /** The poll under way, with what it was asked for. */
  private polling: { scope: CancellationScope; asked: LiveRecipe } | null = null;
  private looking = false;
  private projecting = false;
  private mustRoll = false;
  private released: OpenJob[] = [];
  private dirty = true;
  /** When the earliest armed timer fires. */
  private alarmAt: number | null = null;
  private shown: string;

  constructor(input: RecipeWorkflowInput) {
    this.state = liveRecipe(input.state);
    const present = workflowInfo().typedSearchAttributes;
    this.shown = shownText(present.get(statusKey), present.get(waitingForKey), present.get(missingKey));
    this.setHandlers();
  }

  private setHandlers(): void {
    setHandler(recipeStatusQuery, () => viewOf(this.state));
    setHandler(startRecipeUpdate, () => this.answer(started(this.state, Date.now())), {
      validator: () => this.refuseStart(),
    });
    setHandler(stopRecipeUpdate, () => this.answer(stopped(this.state, Date.now())), {
      validator: () => this.refuseDeleted(),
    });
    setHandler(changeRecipeUpdate, (change) => this.answer(changed(this.state, pickChange(change), Date.now())), {
      validator: (change) => this.refuseChange(change),
    });
    setHandler(deleteRecipeUpdate, () => this.answer(deleted(this.state, Date.now())));
    // Signals may come with any input: a handler that throws would stall the recipe.
    setHandler(wakeRecipeSignal, (sent) => {
      const connectionId = readWake(sent) ?? uncheckedMessage(sent?.connectionId, MESSAGES_ARE_CHECKED);
      if (connectionId !== null) this.set(woken(this.state, connectionId, Date.now()));
    });
    setHandler(jobDoneSignal, (sent) => {
      const jobId = readJobDone(sent) ?? uncheckedMessage(sent?.jobId, MESSAGES_ARE_CHECKED);
      if (jobId) this.take(jobsDone(this.state, [jobId]));
    });
    setHandler(rollRecipeSignal, () => {
      this.mustRoll = true;
      this.dirty = true;
    });
  }

  async run(): Promise<RecipeView> {
    // A cancel in the Temporal Web UI is a stop: the recipe lives on until it is deleted.
    CancellationScope.current().cancelRequested.catch(() => this.set(stopped(this.state, Date.now())));
    return CancellationScope.nonCancellable(async () => {
      while (this.state.status !== 'deleted') {
        this.dirty = false;
        this.show();
        await this.releaseSuccessors();
        if (this.mustRoll || this.isLong()) await this.roll();
        this.work();
        await this.sleep();
      }
      return this.end();
    });
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

  /**
   * Until something changes. A timer that is armed already and fires early enough is left alone: to arm one anew at every
   * signal of a job would cost two events each time.
   */
  private async sleep(): Promise<void> {
    const { wakeAt } = workOf(this.state, Date.now());
    if (wakeAt !== null && (this.alarmAt === null || wakeAt < this.alarmAt)) this.arm(wakeAt);
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

  private arm(moment: number): void {
    this.alarmAt = moment;
    void sleep(Math.max(moment - Date.now(), 1)).then(() => {
      if (this.alarmAt === moment) this.alarmAt = null;
      this.dirty = true;
    });
  }

  private set(next: LiveRecipe): void {
    if (next === this.state) return;
    this.state = next;
    this.dirty = true;
  }

  private take({ state, released }: { state: LiveRecipe; released: OpenJob[] }): void {
    this.released.push(...released);
    this.set(state);
  }

  private answer(next: LiveRecipe): RecipeView {
    this.set(next);
    return viewOf(this.state);
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
      .run(() => poll({ state: asked, capacity: capacityOf(asked) }))
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
      connectionId === '' ? 'wait' : await look({ workspaceId, connectionId, requirement, since: progress.parkedAt });
    if (this.state.waitingFor === before) this.set(looked(this.state, verdict, Date.now(), Math.random()));
  }

  private async reconcile(jobIds: string[]): Promise<void> {
    // Marked at once, so that it is not asked again while it runs.
    this.state = reconciled(this.state, [], Date.now()).state;
    const closed = await closedJobs({ workspaceId: this.state.workspaceId, jobIds });
    this.take(reconciled(this.state, closed, Date.now()));
  }

  private async project(key: string): Promise<void> {
    await projectRecipe({ state: this.state });
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

  /** Search attributes only when they change: each upsert is an event. */
  private show(): void {
    const { status, waitingFor } = this.state;
    setCurrentDetails(detailsOf(this.state));
    const next = shownText(status, waitingFor?.connectionId, waitingFor?.requirement);
    if (next === this.shown) return;
    this.shown = next;
    upsertSearchAttributes([
      { key: statusKey, value: status },
      { key: waitingForKey, value: waitingFor?.connectionId || null },
      { key: missingKey, value: waitingFor?.requirement ?? null },
    ]);
  }

  private async roll(): Promise<void> {
    this.mustRoll = true;
    this.polling?.scope.cancel();
    await condition(() => this.polling === null);
    await this.releaseSuccessors();
    await condition(allHandlersFinished);
    if (this.state.status !== 'deleted') await continueAsNew<typeof recipeWorkflow>({ state: this.state });
  }

  private async end(): Promise<RecipeView> {
    this.show();
    this.polling?.scope.cancel();
    await condition(() => this.polling === null);
    // The store may be away for long: then the end begins again in a new run.
    let told = false;
    const telling = projectRecipe({ state: this.state }).then(() => (told = true));
    await Promise.race([telling, condition(() => told || this.rollIsDue())]);
    if (!told && this.rollIsDue()) await continueAsNew<typeof recipeWorkflow>({ state: this.state });
    await telling;
    await this.releaseSuccessors();
    await condition(allHandlersFinished);
    return viewOf(this.state);
  }

  private refuseDeleted(): void {
    if (this.state.status === 'deleted') throw refusal('not_found', 'The recipe was deleted.');
  }

  private refuseChange(change: unknown): void {
    this.refuseDeleted();
    const fault = faultOfChange(change);
    if (fault !== null) throw refusal('request_invalid', fault);
  }

  private refuseStart(): void {
    this.refuseDeleted();
    const unbound = Object.entries(this.state.bindings).find(([, binding]) => binding.connectionId === null);
    if (unbound) throw refusal('not_connected', `No connection is bound to "${unbound[0]}" (${unbound[1].app}).`);
  }
}

function refusal(code: ErrorCode, detail: string = ERROR_CODES[code].text): ApplicationFailure {
  return ApplicationFailure.create({ message: detail, type: code, nonRetryable: true, details: [{ code, detail }] });
}

const shownText = (...values: (string | null | undefined)[]): string => values.map((value) => value ?? '').join(' ');
