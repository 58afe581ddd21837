/**
 * The poll: leases every bound connection, reads the trigger behind the cursor, starts jobs. While there is nothing new it fails
 * with `NothingNew` and is repeated by Temporal after the interval: that costs no history and no slot in between.
 */
import { CancelledFailure, Context } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { ERROR_CODES, HawserError } from '#domain/errors.js';
import type { LeaseYes } from '#domain/lease.js';
import type { JobWarning, TriggerEvent } from '#domain/recipe.js';
import type { PollInput, PollOutcome } from '#workflows/recipe/activities.js';
import type { JobState } from '#workflows/job/messages.js';
import { bornJob } from '#workflows/job/state.js';
import { stillborn } from '#workflows/job/unread-event.js';
import type { OpenJob, RecipeState } from '#workflows/recipe/messages.js';
import { whereToRead } from '#workflows/recipe/cursors.js';
import { projectionOfPoll } from '#workflows/recipe/state.js';
import { toFailure } from '../app-calls/to-failure.js';
import { carried, warningsOf } from './job-read-event.js';
import { jobIdOf, type JobStarter, type StartResult } from './recipe-job-starter.js';
import type { RecipeActivityDeps } from './recipe-deps.js';
import { projectRecipe } from './recipe-project.js';
import type { StepSlots } from './step-slots.js';
import { temporalNow } from '../temporal-time.js';
import { wishedFields } from './recipe-wished-fields.js';

/** Failure type with which a poll says that the trigger has no new event. */
export const NOTHING_NEW = 'NothingNew';
/** Events read at once: more than may be started, since the overlap brings events that were started before. */
const PAGE = 100;
const HEARTBEAT_MS = 2_000;
/** A poll that finds no slot comes back after so long. */
const BUSY_MS = 1_000;

export interface PollDeps extends RecipeActivityDeps {
  starter: Pick<JobStarter, 'start' | 'hasEnded' | 'openOfRecord'>;
  /** This worker's, for polls alone. */
  slots: Pick<StepSlots, 'run'>;
}

/** What was read: the events' jobs, the new cursor, and whether the cursor is worth keeping although no job was started. */
type Reading = PollOutcome & { again: boolean };

/** See `RecipeActivities.poll`. */
export async function poll(deps: PollDeps, input: PollInput): Promise<PollOutcome> {
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(), HEARTBEAT_MS);
  let asking = '';
  try {
    const { again, ...outcome } = await withSlot(deps, input.state, () =>
      read(deps, input, context.cancellationSignal, (connectionId) => (asking = connectionId)),
    );
    if (outcome.started.length === 0 && context.cancellationDetails?.cancelRequested)
      throw new CancelledFailure('The poll was cancelled.');
    // A worker that shuts down: another one polls.
    if (outcome.started.length === 0 && context.cancellationSignal.aborted) throw nothingNew(1_000);
    if (outcome.started.length === 0 && !again) throw nothingNew(intervalOf(deps, input.state));
    await project(deps, input.state, outcome);
    return outcome;
  } catch (error) {
    if (error instanceof ApplicationFailure || error instanceof CancelledFailure) throw error;
    tell(deps, input.state, asking, error);
    throw toFailure(error, { connectionId: asking });
  } finally {
    clearInterval(beat);
  }
}

/** A slow app with many recipes leaves slots to the others: a poll over its connection's share comes back soon, which costs no history. */
async function withSlot<T>({ slots }: PollDeps, state: RecipeState, work: () => Promise<T>): Promise<T> {
  const { connectionId } = state.bindings[state.definition.trigger.binding] ?? {};
  let begun = false;
  try {
    return await slots.run(connectionId ?? '', () => {
      begun = true;
      return work();
    });
  } catch (error) {
    throw begun ? error : nothingNew(BUSY_MS);
  }
}

async function read(
  deps: PollDeps,
  { state, capacity }: PollInput,
  signal: AbortSignal,
  asking: (connectionId: string) => void,
): Promise<Reading> {
  const { workspaceId, definition } = state;
  const lease = await leaseAll(deps, state, asking);
  const connectionId = connectionOf(state, definition.trigger.binding);
  asking(connectionId);
  const { context, connector } = await deps.calls.caller.open({ workspaceId, connectionId });
  const trigger = Object.hasOwn(connector.triggers, definition.trigger.operation)
    ? connector.triggers[definition.trigger.operation]
    : undefined;
  if (!trigger)
    throw new HawserError(
      'step_unknown',
      `${connector.manifest.name} has no trigger "${definition.trigger.operation}".`,
    );
  // A cursor of the organization whose place another one took has ended: what it had passed is not what the new one holds.
  const replacedAt = lease.instanceSince ?? 0;
  const where = whereToRead(state, connectionId, lease);
  if (where === 'choose') throw new HawserError('source_changed');
  const before = where.cursor;
  const sinceMs = Math.max(0, temporalNow() - Math.max(state.startedAt ?? temporalNow(), replacedAt));
  const fields = wishedFields(state);
  const page = await trigger.poll(context, definition.trigger.input, before, Math.max(capacity, PAGE), sinceMs, {
    fields,
    ...(where.from === undefined ? {} : { from: where.from }),
  });
  const batch = new Batch(deps, state, lease, capacity, warningsOf(page.missing ?? []));
  const complete = await batch.start(page.events, signal).catch((error: unknown) => {
    // What was started is told all the same: the next job of these records must know of it. The next poll meets the trouble again.
    if (batch.started.length === 0) throw error;
    deps.logger.warn({ error, recipeId: state.recipeId }, 'A poll has started some of its jobs; the others follow.');
    return false;
  });
  // The cursor is opaque: it moves only past a page whose events are all started. Those started now are known by their ids next time.
  // The first cursor is kept at once: it is what "from now on" means, and a repeat must not read the clock again.
  const news = page.cursor !== before && (before === null || page.events.length > 0 || page.more);
  const again = complete && (news || where.moved);
  const at = temporalNow();
  const { instanceId, accountId } = lease;
  const source = { binding: definition.trigger.binding, instanceId, accountId, at };
  return { at, connectionId, source, cursor: complete ? page.cursor : before, started: batch.started, again };
}

/** Every bound connection must be usable before anything is read: the backlog waits in the app. Answers with the trigger's lease. */
async function leaseAll(deps: PollDeps, state: RecipeState, asking: (connectionId: string) => void): Promise<LeaseYes> {
  const { workspaceId, definition } = state;
  const bindings = [definition.trigger.binding, ...definition.steps.map((step) => step.binding)];
  const leases = new Map<string, LeaseYes>();
  for (const connectionId of new Set(bindings.map((binding) => connectionOf(state, binding)))) {
    asking(connectionId);
    leases.set(connectionId, await deps.calls.caller.check({ workspaceId, connectionId }));
  }
  return leases.get(connectionOf(state, definition.trigger.binding))!;
}

function connectionOf({ bindings }: RecipeState, binding: string): string {
  const connectionId = Object.hasOwn(bindings, binding) ? bindings[binding]?.connectionId : null;
  if (!connectionId) throw new HawserError('not_connected', `No connection is bound to "${binding}".`);
  return connectionId;
}

/** Starts the jobs of one page in the order of its events. */
class Batch {
  readonly started: OpenJob[] = [];
  private readonly open: Map<string, OpenJob>;

  constructor(
    private readonly deps: PollDeps,
    private readonly state: RecipeState,
    private readonly lease: Pick<LeaseYes, 'instanceId' | 'instanceSince'>,
    private readonly capacity: number,
    private readonly warnings: JobWarning[] = [],
  ) {
    this.open = new Map(state.openJobs.map((job) => [job.jobId, job]));
  }

  /** Whether all events have their job now; false when the capacity or a cancel ended it before. */
  async start(events: TriggerEvent[], signal: AbortSignal): Promise<boolean> {
    for (const event of events) {
      const jobId = jobIdOf(this.state.recipeId, this.lease.instanceId, event);
      if (this.open.has(jobId) || this.deps.starter.hasEnded(this.state.workspaceId, jobId)) continue;
      if (this.started.length >= this.capacity || signal.aborted) return false;
      const { workspaceId, recipeId } = this.state;
      await this.adoptLost(event.recordId, jobId);
      const after = this.lastOf(event.recordId);
      const at = temporalNow();
      const { result, failed } = await this.bear(event, jobId, after, at);
      if (result === 'closed') continue;
      if (result === 'started') this.deps.events.jobStarted({ workspaceId, recipeId, jobId });
      const adopted = result === 'open';
      this.note({
        jobId,
        recordId: event.recordId,
        after: adopted || failed ? null : after,
        startedAt: at,
        ...(failed ? { failed } : {}),
        ...(adopted ? { adopted } : {}),
      });
    }
    return true;
  }

  /** One whose event is too large, or which Temporal does not take for its size, is born failed: it holds up nobody. */
  private async bear(
    whole: TriggerEvent,
    jobId: string,
    after: string | null,
    at: number,
  ): Promise<{ result: StartResult; failed: boolean }> {
    const { workspaceId, recipeId, version, definition, bindings } = this.state;
    const { event, tooLarge } = carried(whole);
    const warnings = this.warnings.length > 0 && !tooLarge ? { warnings: this.warnings } : {};
    const birth = { workspaceId, recipeId, recipeVersion: version, jobId, definition, bindings, ...warnings, at };
    if (tooLarge !== null) return this.bearFailed(bornJob({ ...birth, event }), tooLarge);
    try {
      return { result: await this.deps.starter.start(bornJob({ ...birth, event }), after), failed: false };
    } catch (error) {
      if (!(error instanceof HawserError) || error.code !== 'event_too_large') throw error;
      const { recordId, stamp } = event;
      return this.bearFailed(bornJob({ ...birth, event: { recordId, stamp, data: {}, unread: true } }), error.detail);
    }
  }

  private async bearFailed(job: JobState, why: string): Promise<{ result: StartResult; failed: boolean }> {
    return { result: await this.deps.starter.start(stillborn(job, 'event_too_large', why), null), failed: true };
  }

  private note(job: OpenJob): void {
    this.started.push(job);
    this.open.set(job.jobId, job);
  }

  /** Open jobs of a record that no report has told of, since a poll died after it had started them: Temporal knows them. */
  private async adoptLost(recordId: string, jobId: string): Promise<void> {
    const { workspaceId, recipeId } = this.state;
    for (const job of await this.deps.starter.openOfRecord(workspaceId, recipeId, recordId)) {
      if (job.jobId === jobId || this.open.has(job.jobId)) continue;
      this.note({ jobId: job.jobId, recordId, after: null, startedAt: job.startedAt, adopted: true });
    }
  }

  /** The youngest open job of the record: jobs of one record run in the order of its events. */
  private lastOf(recordId: string): string | null {
    let last: OpenJob | null = null;
    // One of an organization whose place another took had another record of that id, and waits for a person.
    const since = this.lease.instanceSince ?? 0;
    for (const job of this.open.values())
      if (job.recordId === recordId && !job.failed && job.startedAt >= since)
        if (last === null || job.startedAt >= last.startedAt) last = job;
    return last?.jobId ?? null;
  }
}

/** Milliseconds until the next look, after one that found nothing new. */
export function intervalOf(deps: PollDeps, { definition, bindings }: RecipeState): number {
  const { intervalSeconds } = definition.trigger;
  if (intervalSeconds !== undefined) return intervalSeconds * 1_000;
  const app = bindings[definition.trigger.binding]?.app ?? '';
  return (
    deps.calls.caller.findManifest(app)?.triggers.find((trigger) => trigger.name === definition.trigger.operation)
      ?.pollIntervalMs ?? 60_000
  );
}

function nothingNew(intervalMs: number): ApplicationFailure {
  return ApplicationFailure.create({
    message: 'The trigger has no new event.',
    type: NOTHING_NEW,
    nonRetryable: false,
    // Spread a little: recipes that were started together must not ask together for ever.
    nextRetryDelay: Math.round(intervalMs * (0.95 + Math.random() / 10)),
    category: ApplicationFailureCategory.BENIGN,
  });
}

/** In the same breath as the work. A store that is down must not lose the report of jobs that were started. */
async function project(deps: PollDeps, asked: RecipeState, outcome: PollOutcome): Promise<void> {
  try {
    await projectRecipe(deps, projectionOfPoll(asked, outcome));
  } catch (error) {
    deps.logger.warn(
      { error, recipeId: asked.recipeId },
      'The projection of a recipe could not be written; the next one will be.',
    );
  }
}

function tell(
  deps: PollDeps,
  { workspaceId, recipeId, revision }: RecipeState,
  connectionId: string,
  error: unknown,
): void {
  if (!(error instanceof HawserError)) return deps.logger.error({ error, recipeId }, ERROR_CODES.internal.text);
  if (error.class !== 'wait_for_human' && error.class !== 'wait_for_operator') return;
  const { evidence } = error.options;
  deps.events.recipeParked({
    workspaceId,
    recipeId,
    connectionId,
    code: error.code,
    ...(evidence ? { evidence } : {}),
  });
  const at = temporalNow();
  deps.eventLog.note({
    workspaceId,
    subject: recipeId,
    generation: 1,
    sequence: at,
    revision,
    kind: 'recipe.parked',
    at,
    code: error.code,
    who: 'system',
    facts: { connection: connectionId },
  });
}
