/** A job: one run of a recipe for one trigger event. It repeats its steps by class of failure and parks when a connection says no. */
import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  patched,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import { ERROR_CODES } from '#domain/errors.js';
import { recipeWorkflowId } from '#domain/ids.js';
import { mayRead } from '#domain/may-read.js';
import type { StepDefinition } from '#domain/recipe.js';
import { LARGEST_JOB_HISTORY } from '#domain/sizes.js';
import { SEARCH_ATTRIBUTE } from '#domain/search-attributes.js';
import { jobDoneSignal } from '../recipe/messages.js';
import type { JobActivities } from './activities.js';
import { detailsOf } from './details-of.js';
import {
  cancelJobSignal,
  jobQuery,
  predecessorDoneSignal,
  rebindJobSignal,
  wakeJobSignal,
  type JobState,
  type JobView,
  type JobWorkflowInput,
} from './messages.js';
import { uncheckedMessage } from '../unchecked-message.js';
import { MESSAGES_ARE_CHECKED, WAITING_ROLLS } from './patches.js';
import { predecessorPause } from './pause.js';
import { readPredecessorDone, readRebind, readWake } from './read-message.js';
import {
  cancelled,
  connectionOf,
  isOver,
  liveJob,
  looked,
  nothingToDo,
  rebound,
  stepFailed,
  stepStarted,
  stepSucceeded,
  triesBefore,
  woken,
  workOf,
  type LiveJob,
  type StepFailure,
} from './state.js';
import { UNREAD_STEP_IS_PARKED } from './patches.js';
import { fitted, laterExpressions, tooLarge } from './size.js';
import { stepEndOf, stepFailureOf, unreadStep } from './step-failure.js';
import { eventRead, eventUnread } from './unread-event.js';
import { STEP_HEARTBEAT_TIMEOUT_MS } from './write-mark.js';

const ROLL_AT_EVENTS = 500;

const { runStep } = proxyActivities<JobActivities>({
  startToCloseTimeout: '90 s',
  heartbeatTimeout: STEP_HEARTBEAT_TIMEOUT_MS,
  retry: { maximumAttempts: 1 },
});
/** A read: it may be repeated, and the workflow does so by its failure. */
const { readEvent } = proxyActivities<JobActivities>({
  startToCloseTimeout: '90 s',
  retry: { maximumAttempts: 1 },
});
const { look, closedJobs } = proxyActivities<JobActivities>({
  startToCloseTimeout: '30 s',
  retry: { maximumInterval: '1 minute' },
});

const jobStateKey = defineSearchAttributeKey(SEARCH_ATTRIBUTE.jobState, 'KEYWORD');
const waitingForKey = defineSearchAttributeKey(SEARCH_ATTRIBUTE.waitingFor, 'KEYWORD');
const missingKey = defineSearchAttributeKey(SEARCH_ATTRIBUTE.missing, 'KEYWORD');

/** Completes with the job's final view; a failed job fails with its error code as type, and stays queryable. */
export async function jobWorkflow(input: JobWorkflowInput): Promise<JobView> {
  return new JobRun(input).run();
}

class JobRun {
  private state: LiveJob;
  private after: string | null;
  /** How often the job looked in vain whether its predecessor has ended. */
  private waits: number;
  private cancelAsked = false;
  /** It has waited for a connection or a right since its last step was done: told with the next one. */
  private waited = false;
  private shown = '';

  constructor(input: JobWorkflowInput) {
    this.state = liveJob(input.state);
    this.after = input.after;
    this.waits = input.waits ?? 0;
    setHandler(jobQuery, () => viewOf(this.state));
    setHandler(cancelJobSignal, () => void (this.cancelAsked = true));
    // Signals may come from the Temporal Web UI with any input: a handler that throws would stall the job.
    setHandler(wakeJobSignal, (sent) => {
      const connectionId = readWake(sent) ?? uncheckedMessage(sent?.connectionId, MESSAGES_ARE_CHECKED);
      if (connectionId !== null) this.set(woken(this.state, connectionId));
    });
    setHandler(rebindJobSignal, (sent) => {
      const rebind = readRebind(sent) ?? uncheckedMessage(sent, MESSAGES_ARE_CHECKED);
      if (rebind) this.set(rebound(this.state, rebind.binding, rebind.connectionId));
    });
    setHandler(predecessorDoneSignal, (done) => {
      if (this.after !== null && this.after === readPredecessorDone(done)) this.after = null;
    });
    const present = workflowInfo().typedSearchAttributes;
    this.shown = shownText(present.get(jobStateKey), present.get(waitingForKey), present.get(missingKey));
  }

  async run(): Promise<JobView> {
    // Temporal's own cancel (Web UI) is the same wish as our signal; it must not tear a step that may have been sent.
    CancellationScope.current().cancelRequested.catch(() => (this.cancelAsked = true));
    return CancellationScope.nonCancellable(async () => {
      this.show();
      while (!isOver(this.state.status)) {
        if (this.cancelAsked) this.set(cancelled(this.state, Date.now()));
        else if (this.after !== null) await this.waitForPredecessor();
        else if (await this.work()) await this.roll();
        if (!isOver(this.state.status) && this.rollIsDue()) await this.roll();
      }
      return this.end();
    });
  }

  private set(next: LiveJob): void {
    if (this.state.status === 'waiting') this.waited = true;
    this.state = next;
    this.show();
  }

  /** Jobs of one record run in the order of its events. The recipe signals; the look is the net below a lost signal. */
  private async waitForPredecessor(): Promise<void> {
    const { workspaceId } = this.state;
    const told = await condition(
      () => this.after === null || this.cancelAsked || this.rollIsDue(),
      predecessorPause(this.waits),
    );
    if (told || this.after === null) return;
    const closed = await closedJobs({ workspaceId, jobIds: [this.after] });
    this.waits += 1;
    if (this.after !== null && closed.includes(this.after)) this.after = null;
  }

  /** Large steps fill a history by their bytes long before its events are many. */
  private isFull(): boolean {
    const { historyLength, historySize } = workflowInfo();
    return historyLength > ROLL_AT_EVENTS || (this.state.bounded === true && historySize > LARGEST_JOB_HISTORY);
  }

  /** Whatever the job waits for, and for however long: its history never grows without end. */
  private rollIsDue(): boolean {
    const { historyLength, continueAsNewSuggested } = workflowInfo();
    return (historyLength > ROLL_AT_EVENTS || continueAsNewSuggested) && patched(WAITING_ROLLS);
  }

  /** One piece of work. @returns Whether the job rolls over after it, as runs of every build do. */
  private async work(): Promise<boolean> {
    const work = workOf(this.state);
    if (work.do === 'run' || work.do === 'read') await this.goOn();
    if (work.do === 'pause') {
      const before = this.state;
      await this.pause(work.until, before);
      if (this.state.status === 'retrying' && !this.cancelAsked && Date.now() >= work.until) await this.goOn();
    }
    if (work.do === 'look') await this.look(work.until);
    return !isOver(this.state.status) && this.isFull();
  }

  private goOn(): Promise<void> {
    return this.state.event.unread ? this.readEvent() : this.runStep();
  }

  /** Only after a rerun: a job whose event was too large is born failed. */
  private async readEvent(): Promise<void> {
    const { workspaceId, definition, bindings, event } = this.state;
    const { trigger } = definition;
    const connectionId = bindings[trigger.binding]?.connectionId ?? '';
    if (connectionId === '') return this.set(eventUnread(this.state, NOT_BOUND, Date.now(), Math.random()));
    try {
      const expressions = definition.steps.flatMap(({ input }) => Object.values(input));
      const { recordId, stamp } = event;
      const outcome = await readEvent({ workspaceId, connectionId, trigger, recordId, stamp, expressions });
      this.set(eventRead(this.state, outcome));
    } catch (error) {
      this.set(
        eventUnread(
          this.state,
          { connectionId, ...(unreadStep(error) ?? readFailureOf(error)) },
          Date.now(),
          Math.random(),
        ),
      );
    }
  }

  private async runStep(): Promise<void> {
    const step = this.state.definition.steps[this.state.progress.step];
    if (!step) return this.set(nothingToDo(this.state, Date.now()));
    const connectionId = connectionOf(this.state);
    this.state = fitted(this.state);
    const refusal = this.state.bounded ? tooLarge(this.state) : null;
    this.set(stepStarted(this.state, Date.now()));
    if (refusal) return this.set(stepFailed(this.state, refusal, Date.now(), Math.random()));
    if (connectionId === null) {
      return this.set(stepFailed(this.state, NOT_BOUND, Date.now(), Math.random()));
    }
    const { workspaceId, recipeId, jobId, event, definition, startedAt } = this.state;
    try {
      const outcome = await runStep({
        workspaceId,
        recipeId,
        jobId,
        step,
        connectionId,
        startedAt,
        event,
        outputs: outputsOf(this.state, step),
        ...cutsOf(this.state),
        later: laterExpressions(definition.steps, this.state.progress.step, step.id),
        ...triesBefore(this.state),
        ...(this.waited && { waited: true as const }),
        ...(this.state.progress.step === definition.steps.length - 1 && { last: true as const }),
      });
      this.waited = false;
      this.set(stepSucceeded(this.state, outcome));
    } catch (error) {
      const unread = unreadStep(error);
      if (unread && patched(UNREAD_STEP_IS_PARKED)) return this.fail({ connectionId, ...unread });
      const end = stepEndOf(error, this.state.marksWrites === true);
      if ('outcome' in end) this.set(stepSucceeded(this.state, end.outcome));
      else this.fail({ connectionId, ...end.failure });
    }
  }

  private fail(failure: StepFailure): void {
    this.set(stepFailed(this.state, failure, Date.now(), Math.random()));
  }

  private async look(until: number): Promise<void> {
    const before = this.state;
    await this.pause(until, before);
    const { waitingFor, workspaceId } = this.state;
    if (this.state !== before || !waitingFor || this.cancelAsked) return;
    if (Date.now() < until && this.rollIsDue()) return;
    const { connectionId, requirement, since } = waitingFor;
    const verdict = connectionId === '' ? 'wait' : await look({ workspaceId, connectionId, requirement, since });
    // A wake may have come while it looked: then it does not wait any more, and the verdict is old.
    if (this.state === before) this.set(looked(this.state, verdict, Date.now(), Math.random()));
  }

  /** Until a moment, a change of the state by a message, a cancel, or a history that is long enough. */
  private async pause(until: number, before: LiveJob): Promise<void> {
    const ms = until - Date.now();
    if (ms > 0) await condition(() => this.state !== before || this.cancelAsked || this.rollIsDue(), ms);
  }

  /** Search attributes and details, only when they change: each upsert is an event. */
  private show(): void {
    const { status, waitingFor } = this.state;
    const next = shownText(status, waitingFor?.connectionId, waitingFor?.requirement);
    setCurrentDetails(detailsOf(this.state));
    if (next === this.shown) return;
    this.shown = next;
    upsertSearchAttributes([
      { key: jobStateKey, value: status },
      { key: waitingForKey, value: waitingFor?.connectionId || null },
      { key: missingKey, value: waitingFor?.requirement ?? null },
    ]);
  }

  private async roll(): Promise<never> {
    await condition(allHandlersFinished);
    return continueAsNew<typeof jobWorkflow>({
      // The next run begins under this code.
      state: { ...fitted(this.state), marksWrites: true, bounded: true, vaultIsRepeated: true },
      after: this.after,
      ...(this.after !== null && this.waits > 0 ? { waits: this.waits } : {}),
    });
  }

  private async end(): Promise<JobView> {
    const { workspaceId, recipeId, jobId, status, error } = this.state;
    try {
      await getExternalWorkflowHandle(recipeWorkflowId(workspaceId, recipeId)).signal(jobDoneSignal, { jobId });
    } catch {
      // The recipe is gone. Its net (and the successor's) finds closed jobs without being told.
    }
    await condition(allHandlersFinished);
    if (status === 'failed' && error) {
      throw ApplicationFailure.create({
        message: error.text,
        type: error.code,
        nonRetryable: true,
        details: [{ step: error.step }],
      });
    }
    return viewOf(this.state);
  }
}

const NOT_BOUND: StepFailure = { code: 'not_connected', text: ERROR_CODES.not_connected.text, connectionId: '' };

/** A read whose worker was lost has done nothing: it is repeated. */
function readFailureOf(error: unknown): StepFailure {
  const failure = stepFailureOf(error);
  if (failure.code !== 'outcome_unknown') return failure;
  return { code: 'temporarily_unavailable', text: ERROR_CODES.temporarily_unavailable.text };
}

const shownText = (...values: (string | null | undefined)[]): string => values.map((value) => value ?? '').join(' ');

function viewOf({ v: _, ...view }: JobState): JobView {
  return view;
}

function cutsOf(state: LiveJob): { cuts?: Record<string, string[]> } {
  const cuts = state.steps.flatMap(({ id, cut }) => (cut ? [[id, cut] as const] : []));
  return cuts.length > 0 ? { cuts: Object.fromEntries(cuts) } : {};
}

/** Those that the step may read: all of them with each step would fill the history. */
function outputsOf(state: LiveJob, { input }: StepDefinition): Record<string, Record<string, unknown>> {
  const expressions = Object.values(input);
  const isRead = (id: string): boolean => expressions.some((expression) => mayRead(expression, id, []));
  return Object.fromEntries(
    state.steps.flatMap(({ id, output }) => (output && isRead(id) ? [[id, output] as const] : [])),
  );
}
