import { bornAtOf, rerunOf, type JobView, type RerunPlan } from './messages.js';
import { bornJob, cancelled, liveJob, stepFailed, stepStarted, stepSucceeded, triesBefore, workOf } from './state.js';

const step = (id: string, input: Record<string, string> = {}) => ({ id, binding: 'b', operation: 'create', input });
const definition = {
  trigger: { binding: 'b', operation: 'new', input: {} },
  steps: [step('one'), step('two')],
  concurrency: 1,
};
const bindings = { b: { app: 'a', connectionId: 'con' } };
const event = { recordId: 'r', stamp: 's', data: {} };
const born = bornJob({
  workspaceId: 'ws',
  recipeId: 'rec',
  recipeVersion: 1,
  jobId: 'job',
  event,
  definition,
  bindings,
  at: 1,
});
const outcome = { at: 2, version: 1, input: { a: 1 }, output: { id: 7 }, instanceId: 'org' };
const halfDone = stepStarted(stepSucceeded(stepStarted(liveJob(born), 1), outcome), 2);
const failed = stepFailed(halfDone, { code: 'mapping_failed', text: 'x' }, 3, 0);
const plan = (steps: ReturnType<typeof step>[], done: string[]): RerunPlan => ({
  recipeVersion: 2,
  definition: { ...definition, steps },
  bindings,
  done,
});

test('g13: the newest version runs, with what was done before', () => {
  const rerun = liveJob(rerunOf(failed, 9, plan([step('one'), step('two', { x: '1' })], ['one'])));
  expect(rerun).toMatchObject({ recipeVersion: 2, reruns: 1, startedAt: 9, bornAt: 1, status: 'queued', error: null });
  expect(rerun.steps).toMatchObject([
    { status: 'succeeded', output: { id: 7 } },
    { status: 'pending', error: null },
  ]);
  expect(workOf(rerun)).toEqual({ do: 'run', step: 1 });
});

test('g13: a step that was put before a done one is run, the done one is passed over', () => {
  const steps = [step('zero'), step('one'), step('two')];
  let rerun = liveJob(rerunOf(failed, 9, plan(steps, ['one'])));
  expect(workOf(rerun)).toEqual({ do: 'run', step: 0 });
  rerun = stepSucceeded(stepStarted(rerun, 9), outcome);
  expect(workOf(rerun)).toEqual({ do: 'run', step: 2 });
  expect(stepSucceeded(stepStarted(rerun, 9), outcome).status).toBe('succeeded');
  // A failure in between leaves the done one done.
  const again = stepFailed(
    stepStarted(liveJob(rerunOf(failed, 9, plan(steps, ['one']))), 9),
    { code: 'mapping_failed', text: 'x' },
    10,
    0,
  );
  expect(again.steps.map(({ status }) => status)).toEqual(['failed', 'succeeded', 'skipped']);
});

test('g13: a cancelled job goes on where it stood; its order stays that of its event, however often it is rerun', () => {
  const stopped = cancelled(halfDone, 3);
  const rerun = rerunOf(stopped, 9);
  expect(rerun.steps.map(({ status }) => status)).toEqual(['succeeded', 'pending']);
  expect(bornAtOf(rerunOf(rerun as JobView, 99))).toBe(1);
});

test('g13: what is done anew keeps no output of before', () => {
  const rerun = rerunOf(failed, 9, plan([step('one'), step('two')], []));
  expect(rerun.steps[0]).toMatchObject({ status: 'pending', output: null, endedAt: null });
});

describe('an earlier send whose outcome is unknown', () => {
  const unknown = stepFailed(
    halfDone,
    { code: 'app_unavailable', text: 'x', mayHaveHappened: true, canLookUp: true, input: { at: 'then' } },
    3,
    0,
  );
  const tries = (steps: ReturnType<typeof step>[]) =>
    triesBefore(liveJob(rerunOf(cancelled(unknown, 4), 9, plan(steps, ['one']))));

  test('g13: the same mapping is sent again as it was, by the same key', () => {
    expect(tries([step('one'), step('two')])).toEqual({
      stepKey: 'job/two',
      mayHaveHappened: true,
      firstSentAt: 2,
      frozen: { at: 'then' },
    });
  });

  test('g13: a corrected mapping is evaluated anew, by a key of its own', () => {
    expect(tries([step('one'), step('two', { x: '1' })])).toEqual({
      stepKey: 'job/two#1',
      mayHaveHappened: true,
      firstSentAt: 2,
    });
  });

  test('g13: another step knows nothing of it', () => {
    expect(tries([step('one'), step('other')])).toEqual({ stepKey: 'job/other', mayHaveHappened: false });
  });
});
