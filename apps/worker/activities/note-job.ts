/** Notes in the event log what becomes of a job: beside the work, since a job never waits for the log. */
import type { HawserError } from '#domain/errors.js';
import type { HappeningKind } from '#domain/happening.js';
import type { RunStepInput } from '#workflows/job/activities.js';
import { temporalNow } from '../temporal-time.js';
import type { JobActivityDeps } from './job-deps.js';

/** A try of a step is never repeated by Temporal, so its moment is its number; an end comes after all else of that moment. */
function note(
  { eventLog }: Pick<JobActivityDeps, 'eventLog'>,
  { workspaceId, jobId, recipeId, connectionId, step }: RunStepInput,
  { kind, code, facts = {} }: { kind: HappeningKind; code: string | null; facts?: Record<string, string> },
): void {
  const at = temporalNow();
  eventLog.note({
    workspaceId,
    subject: jobId,
    generation: 1,
    sequence: kind === 'job.ended' ? at + 1 : at,
    revision: 0,
    kind,
    at,
    code,
    who: 'system',
    facts: { recipe: recipeId, connection: connectionId, step: step.id, ...facts },
  });
}

/** A step is done: the job that waited goes on, the last one ends it. */
export function noteDone(deps: Pick<JobActivityDeps, 'eventLog'>, input: RunStepInput): void {
  if (input.waited) note(deps, input, { kind: 'job.healed', code: null });
  if (input.last) note(deps, input, { kind: 'job.ended', code: null, facts: { outcome: 'succeeded' } });
}

/** A step has failed: the job waits for somebody, or has ended. A passing failure is told nobody. */
export function noteFailed(deps: Pick<JobActivityDeps, 'eventLog'>, input: RunStepInput, error: HawserError): void {
  const { requirement } = error.options;
  if (error.class === 'wait_for_human' || error.class === 'wait_for_operator')
    note(deps, input, { kind: 'job.parked', code: error.code, facts: requirement ? { requirement } : {} });
  if (error.class === 'stop') note(deps, input, { kind: 'job.ended', code: error.code, facts: { outcome: 'failed' } });
}
