import type { RecipeBindings } from '#domain/recipe.js';
import type { JobView, StepRecord } from '#workflows/job/messages.js';
import { bornJob, liveJob, stepFailed, stepStarted, stepSucceeded } from '#workflows/job/state.js';
import { bindingsFor, planRerun, type RerunTarget } from './plan-rerun.js';
import { requireConfirmed, requireNewest, requireRerunnable } from './require-rerunnable.js';

const step = (id: string, operation = 'create', binding = 'target') => ({ id, binding, operation, input: {} });
const bindings: RecipeBindings = {
  source: { app: 'a', connectionId: 'con_source' },
  target: { app: 'b', connectionId: 'con_1' },
};
const definition = {
  trigger: { binding: 'source', operation: 'new', input: {} },
  steps: [step('one'), step('two'), step('three')],
  concurrency: 1,
};
const event = { recordId: 'r', stamp: 's', data: {} };
const birth = {
  workspaceId: 'ws',
  recipeId: 'rec',
  recipeVersion: 1,
  jobId: 'job',
  event,
  definition,
  bindings,
  at: 1,
};

/** Two steps done, the third failed. */
function failedJob(instanceId?: string): JobView {
  const outcome = {
    at: 2,
    version: 1,
    input: {},
    output: { id: 7 },
    ...(instanceId === undefined ? {} : { instanceId }),
  };
  let job = liveJob(bornJob(birth));
  for (let n = 0; n < 2; n += 1) job = stepSucceeded(stepStarted(job, 1), outcome);
  return stepFailed(stepStarted(job, 1), { code: 'mapping_failed', text: 'x' }, 3, 0);
}
const target = (change: Partial<RerunTarget> = {}): RerunTarget => ({
  recipeVersion: 2,
  definition,
  bindings,
  ...change,
});
const to = (connectionId: string | null, app = 'b'): RecipeBindings => ({ ...bindings, target: { app, connectionId } });
const steps = (...list: ReturnType<typeof step>[]) => ({ definition: { ...definition, steps: list } });
const instances: Record<string, string> = { con_1: 'org', con_2: 'org', con_3: 'other' };
const plan = (job: JobView, change: Partial<RerunTarget> = {}) =>
  planRerun(job, target(change), (id) => instances[id] ?? null);

test.each<[string, JobView, Partial<RerunTarget>, string[], string[]]>([
  ['the same steps', failedJob('org'), {}, ['one', 'two'], []],
  ['a record of an older build, the same connection', failedJob(), {}, ['one', 'two'], []],
  ['another connection of the same instance', failedJob('org'), { bindings: to('con_2') }, ['one', 'two'], []],
  ['the same, of an older build', failedJob(), { bindings: to('con_2') }, ['one', 'two'], []],
  ['another instance', failedJob('org'), { bindings: to('con_3') }, [], ['one', 'two']],
  ['the same connection, which leads elsewhere now', failedJob('before'), {}, [], ['one', 'two']],
  ['no connection any more', failedJob('org'), { bindings: to(null) }, [], ['one', 'two']],
  ['another app', failedJob('org'), { bindings: to('con_1', 'c') }, [], ['one', 'two']],
  ['another operation', failedJob('org'), steps(step('one', 'update'), step('two')), ['two'], ['one']],
  ['another binding', failedJob('org'), steps(step('one', 'create', 'source'), step('two')), ['two'], ['one']],
  ['a step that is gone', failedJob('org'), steps(step('two')), ['two'], ['one']],
  [
    'a new step before those that were done',
    failedJob('org'),
    steps(step('zero'), step('one'), step('two')),
    ['one', 'two'],
    [],
  ],
])('g13: %s', (_, job, change, done, left) => {
  const planned = plan(job, change);
  expect([planned.done, planned.left.map(({ id }: StepRecord) => id)]).toEqual([done, left]);
});

test('g13: writes that do not count as done are listed, and confirmed by their ids', () => {
  const planned = plan(failedJob('org'), { bindings: to('con_3') });
  const refused = (confirm: string[]) => () => requireConfirmed(planned, confirm);
  expect(refused([])).toThrow(/"one" \(create through con_1\), "two" \(create through con_1\)/);
  expect(refused(['one'])).toThrow(
    expect.objectContaining({
      code: 'conflict',
      extensions: { cure: expect.stringContaining('{"confirm":["two"]}') as string },
    }),
  );
  expect(refused(['one', 'two', 'other'])).not.toThrow();
});

test('g13: a rerun older than the last succeeded job of its record is refused, naming it', () => {
  const later = { ...failedJob(), jobId: 'job_later', status: 'succeeded' } as JobView;
  const nothing = { succeeded: null, openLater: null, openEarlier: null };
  expect(() => requireNewest({ ...nothing, succeeded: later })).toThrow('job_later');
  expect(() => requireNewest({ ...nothing, openLater: later })).toThrow('job_later');
  expect(() => requireNewest({ ...nothing, openEarlier: later })).not.toThrow();
});

test.each<[JobView['status'], boolean]>([
  ['failed', true],
  ['cancelled', true],
  ['waiting', true],
  ['retrying', true],
  ['queued', true],
  ['running', false],
  ['succeeded', false],
])('g13: a job that is %s can be rerun: %s', (status, possible) => {
  const asked = () => requireRerunnable({ ...failedJob(), status });
  if (possible) expect(asked).not.toThrow();
  else expect(asked).toThrow(status);
});

test("g13: the recipe's bindings count, and the job's where the recipe has none", () => {
  const recipe = { source: { app: 'a', connectionId: 'con_9' }, target: { app: 'b', connectionId: null } };
  expect(bindingsFor({ ...bindings, old: { app: 'x', connectionId: 'con_x' } }, recipe)).toEqual({
    source: { app: 'a', connectionId: 'con_9' },
    target: { app: 'b', connectionId: 'con_1' },
    old: { app: 'x', connectionId: 'con_x' },
  });
});
