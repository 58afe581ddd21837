/** One attempt of one step: lease -> open -> map -> call. The workflow repeats it by the class of its failure. */
import type { Action } from '#connector-sdk/connector.js';
import { fitInput } from '#connector-sdk/fit-input.js';
import type { ActionManifest } from '#connector-sdk/manifest.js';
import { ERROR_CODES, HawserError } from '#domain/errors.js';
import type { RunStepInput, RunStepOutcome } from '#workflows/job/activities.js';
import type { StepFailure } from '#workflows/job/state.js';
import type { OpenSession } from '../app-calls/app-caller.js';
import { toFailure, type FailureFacts } from '../app-calls/to-failure.js';
import type { JobActivityDeps } from './job-deps.js';
import { isKeyForgotten } from './key-life.js';
import { noteDone, noteFailed } from './note-job.js';
import { kept, requireSmallInput, requireUncut } from './step-bounds.js';
import { withExpression } from './with-expression.js';
import { stepHeartbeat, WriteMarker } from './write-mark.js';
import { temporalNow } from '../temporal-time.js';

interface Operation {
  action: Action;
  manifest: ActionManifest;
  /** Sending it (again) now does no more than once: by nature, or by a key that the app surely still knows. */
  idempotent: boolean;
}

/** Fails with an ApplicationFailure whose type is the error code; see `JobActivities.runStep`. */
export async function runStep(deps: JobActivityDeps, input: RunStepInput): Promise<RunStepOutcome> {
  const facts: FailureFacts = { connectionId: input.connectionId };
  let session: OpenSession | undefined;
  let operation: Operation | undefined;
  const marker = new WriteMarker(stepHeartbeat(deps.client));
  try {
    session = await deps.calls.caller.open(
      { workspaceId: input.workspaceId, connectionId: input.connectionId },
      { beforeWrite: (timeoutMs) => marker.sending(timeoutMs, facts.canLookUp === true) },
    );
    requireOwnInstance(session, input);
    operation = operationOf(session, input);
    const mapped = await inputOf(deps, operation, input);
    facts.input = mapped;
    if (operation.manifest.keyLifeMs !== undefined) await marker.evaluated(mapped);
    facts.canLookUp = canTell(operation, mapped);
    const output = kept(await perform(operation, session, mapped, input), input);
    const outcome: RunStepOutcome = {
      at: temporalNow(),
      version: session.version(),
      input: mapped,
      ...output,
      ...(session.instanceId === undefined ? {} : { instanceId: session.instanceId }),
    };
    await marker.ended({ outcome });
    noteDone(deps, input);
    return outcome;
  } catch (error) {
    if (session) {
      facts.version = session.version();
      facts.mayHaveHappened = session.mayHaveHappened();
    }
    const judged = withExpression(whatItMeans(error, operation), input.step.input);
    tell(deps, input, judged);
    const failure = toFailure(judged, facts);
    await marker.ended({ failure: failure.details?.[0] as StepFailure });
    throw failure;
  } finally {
    marker.stop();
  }
}

/** Ids of the old organization may mean other records in the one that took its place: a person decides about each job. */
function requireOwnInstance({ instanceSince }: OpenSession, { startedAt }: RunStepInput): void {
  if (instanceSince !== null && startedAt !== undefined && startedAt < instanceSince)
    throw new HawserError('instance_replaced');
}

function operationOf({ connector }: OpenSession, { step, firstSentAt }: RunStepInput): Operation {
  const name = step.operation;
  const action = Object.hasOwn(connector.actions, name) ? connector.actions[name] : undefined;
  const manifest = connector.manifest.actions.find((candidate) => candidate.name === name);
  if (!action || !manifest)
    throw new HawserError('step_unknown', `${connector.manifest.name} has no action "${name}".`);
  const idempotent = manifest.idempotent && !isKeyForgotten(manifest.keyLifeMs, firstSentAt, temporalNow());
  return { action, manifest, idempotent };
}

/** What the first try evaluated, so that `$now()` or `$random()` in a mapping makes no other request of the next one. */
async function inputOf(
  { mappings }: JobActivityDeps,
  { manifest }: Operation,
  input: RunStepInput,
): Promise<Record<string, unknown>> {
  if (input.frozen) return input.frozen;
  const { event, outputs, jobId, recipeId, step } = input;
  requireUncut(input);
  const known = { trigger: event.data, steps: outputs, job: { id: jobId, recipeId } };
  const mapped = await mappings.evaluate(step.input, known, input.workspaceId);
  const fit = fitInput(manifest.input, mapped, step.input);
  requireSmallInput(fit);
  return fit;
}

/** After a send whose answer was lost it is looked up first; what cannot be looked up stops, unless it may be sent twice (promise 10). */
async function perform(
  operation: Operation,
  { context }: OpenSession,
  mapped: Record<string, unknown>,
  input: RunStepInput,
): Promise<Record<string, unknown>> {
  const mayBeThere = input.mayHaveHappened || (input.lookFirst === true && operation.idempotent);
  const found = mayBeThere ? await findEarlier(operation, context, mapped, input) : null;
  return found ?? operation.action.run(context, mapped, input.stepKey);
}

/** For what may be sent twice the look is a courtesy: it spares a second write, and a user who may write but not read loses nothing. */
async function findEarlier(
  { action, manifest, idempotent }: Operation,
  context: OpenSession['context'],
  mapped: Record<string, unknown>,
  { stepKey, firstSentAt }: RunStepInput,
): Promise<Record<string, unknown> | null> {
  // A key that the app still knows finds the earlier send more surely than any look.
  if (idempotent && manifest.keyLifeMs !== undefined) return null;
  if (!action.lookUp) {
    if (idempotent) return null;
    throw new HawserError('outcome_unknown');
  }
  try {
    return await action.lookUp(context, mapped, stepKey, firstSentAt);
  } catch (error) {
    const ours = error instanceof HawserError && error.class !== 'retry';
    if (idempotent && ours) return null;
    throw error;
  }
}

/** Whether a send whose answer is lost may be followed by another: it does no harm, or it can be looked up. */
const canTell = ({ action, idempotent }: Operation, input: Record<string, unknown>): boolean =>
  idempotent || (action.lookUp !== undefined && (action.canLookUp?.(input) ?? true));

const isUnknown = (error: unknown): boolean => error instanceof HawserError && error.code === 'outcome_unknown';

/** An action that says of itself that twice is no more than once may be repeated, whatever its request looked like. */
function whatItMeans(error: unknown, operation: Operation | undefined): unknown {
  if (!isUnknown(error) || !(error instanceof HawserError) || !operation?.idempotent) return error;
  // The app itself says that it has an earlier send, which is not this one.
  if ((error.options.evidence?.status ?? 500) < 500) return error;
  return new HawserError('app_unavailable', `${ERROR_CODES.app_unavailable.text} ${error.detail}`, error.options);
}

function tell(deps: JobActivityDeps, input: RunStepInput, error: unknown): void {
  const { workspaceId, recipeId, jobId, connectionId } = input;
  if (!(error instanceof HawserError))
    return deps.logger.error(
      { error, workspaceId, jobId, step: input.step.id },
      'A step failed in a way that has no code.',
    );
  const { evidence, requirement } = error.options;
  const trouble = { workspaceId, recipeId, jobId, code: error.code, ...(evidence ? { evidence } : {}) };
  if (error.class === 'wait_for_human' || error.class === 'wait_for_operator')
    deps.events.jobParked({ ...trouble, connectionId, requirement: requirement ?? null });
  if (error.class === 'stop') deps.events.jobEnded({ ...trouble, outcome: 'failed' });
  noteFailed(deps, input, error);
}
