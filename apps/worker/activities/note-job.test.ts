/** What the event log is told of a job: parked and why, healed, ended; nothing of a passing failure. */
import { HawserError } from '#domain/errors.js';
import type { Happening } from '#domain/happening.js';
import type { RunStepInput } from '#workflows/job/activities.js';
import { noteDone, noteFailed } from './note-job.js';

const input = (part: Partial<RunStepInput> = {}): RunStepInput =>
  ({
    workspaceId: 'ws_a',
    recipeId: 'rec_a',
    jobId: 'job_a',
    connectionId: 'con_a',
    step: { id: 's' },
    ...part,
  }) as RunStepInput;

function noted(act: (deps: { eventLog: { note(happening: Happening): void } }) => void): Happening[] {
  const notes: Happening[] = [];
  act({ eventLog: { note: (happening) => void notes.push(happening) } });
  return notes;
}

test('a step in the middle is told nobody; one that had waited heals the job, the last one ends it', () => {
  expect(noted((deps) => noteDone(deps, input()))).toEqual([]);
  const both = noted((deps) => noteDone(deps, input({ waited: true, last: true })));
  expect(both.map(({ kind, subject }) => [kind, subject])).toEqual([
    ['job.healed', 'job_a'],
    ['job.ended', 'job_a'],
  ]);
  expect(both[1]?.facts).toMatchObject({ outcome: 'succeeded', recipe: 'rec_a', connection: 'con_a', step: 's' });
  expect(new Set(both.map(({ sequence }) => sequence)).size).toBe(2);
});

test('a failure parks or ends the job by its class', () => {
  const kinds = (error: HawserError) =>
    noted((deps) => noteFailed(deps, input(), error)).map(({ kind, code }) => [kind, code]);
  expect(kinds(new HawserError('grant_revoked'))).toEqual([['job.parked', 'grant_revoked']]);
  expect(kinds(new HawserError('input_too_large'))).toEqual([['job.ended', 'input_too_large']]);
  expect(kinds(new HawserError('rate_limited'))).toEqual([]);
});
