/** A job that was ended by force goes on where its history ends. */
import type { RunStepInput } from '#workflows/job/activities.js';
import { bornJob, type StepFailure } from '#workflows/job/state.js';
import { jobFromHistory, type JobEvent } from './job-from-history.js';

const NOW = Date.UTC(2026, 0, 2);
const step = (id: string) => ({ id, binding: 'target', operation: 'write', input: {} });
const job = bornJob({
  workspaceId: 'ws_test',
  recipeId: 'rec_test',
  recipeVersion: 1,
  jobId: 'job_test',
  event: { recordId: 'r', stamp: '1', data: {} },
  definition: {
    trigger: { binding: 'target', operation: 'changed', input: {} },
    steps: [step('one'), step('two')],
    concurrency: 1,
  },
  bindings: { target: { app: 'tiny', connectionId: 'con_aaaa' } },
  at: NOW,
});
const started = (after: string | null = null): JobEvent => ({ kind: 'started', input: { state: job, after } });
const input = (id: string) => ({ step: step(id), connectionId: 'con_aaaa' }) as unknown as RunStepInput;
const done = (id: string): JobEvent => ({
  kind: 'step',
  input: input(id),
  at: NOW + 1,
  endedAt: NOW + 2,
  end: { outcome: { at: NOW + 2, version: 3, input: {}, output: { id } } },
});
const failedStep = (id: string, failure: StepFailure): JobEvent => ({
  kind: 'step',
  input: input(id),
  at: NOW + 1,
  endedAt: NOW + 2,
  end: { failure },
});

test('g01: done steps stay done, and the next one is next', () => {
  const { state, after } = jobFromHistory([started(), done('one')], NOW + 10);
  expect(state).toMatchObject({ status: 'running', recoveries: 1, progress: { step: 1, mayHaveHappened: false } });
  expect(state.steps.map(({ status }) => status)).toEqual(['succeeded', 'pending']);
  expect(state.steps[0]!.output).toEqual({ id: 'one' });
  expect(after).toBeNull();
});

test('g01: a step that was scheduled and has no result may have happened: it is looked up before anything is sent', () => {
  const under: JobEvent = { kind: 'step', input: input('two'), at: NOW + 5, end: null, endedAt: 0 };
  const { state } = jobFromHistory([started(), done('one'), under], NOW + 10);
  expect(state).toMatchObject({ status: 'retrying', progress: { step: 1, mayHaveHappened: true } });
  expect(state.steps[1]!.error?.code).toBe('outcome_unknown');
  // Not before the request can no longer be under way.
  expect(state.progress!.notBefore).toBeGreaterThan(NOW + 5 + 90_000);
});

test('g01: one that was parked is parked, one that waited behind another waits, one that was cancelled is cancelled', () => {
  const parked = failedStep('one', { code: 'grant_revoked', text: 'Reconnect.', connectionId: 'con_aaaa' });
  expect(jobFromHistory([started(), parked], NOW + 10).state).toMatchObject({
    status: 'waiting',
    waitingFor: { connectionId: 'con_aaaa', code: 'grant_revoked' },
  });
  expect(jobFromHistory([started('job_before')], NOW).after).toBe('job_before');
  const told: JobEvent = { kind: 'signal', name: 'predecessorDone', input: { jobId: 'job_before' } };
  expect(jobFromHistory([started('job_before'), told], NOW).after).toBeNull();
  const looked: JobEvent = { kind: 'closed', jobIds: ['job_before'] };
  expect(jobFromHistory([started('job_before'), looked], NOW).after).toBeNull();
  const cancel: JobEvent = { kind: 'signal', name: 'cancel', input: undefined };
  expect(jobFromHistory([started(), parked, cancel], NOW).state.status).toBe('cancelled');
});

test('g01: a rebind is kept, and what does not fit as one is not', () => {
  const rebind = (connectionId: unknown): JobEvent => ({
    kind: 'signal',
    name: 'rebind',
    input: { binding: 'target', connectionId },
  });
  const { state } = jobFromHistory([started(), rebind('con_bbbb'), rebind(5), rebind('x'.repeat(3_000))], NOW);
  expect(state.bindings['target']!.connectionId).toBe('con_bbbb');
});

test('g01: a history that is not that of a job is refused', () => {
  expect(() => jobFromHistory([], NOW)).toThrow('does not begin');
});
