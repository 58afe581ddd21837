import type { ErrorCode } from '#domain/errors.js';
import { rerunOf } from './messages.js';
import { FIRST_LOOK_MS } from './pause.js';
import {
  bornJob,
  cancelled,
  GIVE_UP_MS,
  liveJob,
  LOOK_UP_AFTER_MS,
  looked,
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

const T0 = 1_000_000;

function newJob(): LiveJob {
  const steps = ['first', 'second'].map((id) => ({ id, binding: 'target', operation: 'create', input: {} }));
  const definition = { trigger: { binding: 'source', operation: 'new', input: {} }, steps, concurrency: 1 };
  const bindings = {
    source: { app: 'a', connectionId: 'con_source' },
    target: { app: 'b', connectionId: 'con_target' },
  };
  const event = { recordId: 'r1', stamp: 's1', data: {} };
  return liveJob(
    bornJob({
      workspaceId: 'ws_1',
      recipeId: 'rec_1',
      recipeVersion: 1,
      jobId: 'job_1',
      event,
      definition,
      bindings,
      at: T0,
    }),
  );
}

const running = (): LiveJob => stepStarted(newJob(), T0);
const failure = (code: ErrorCode, more: Partial<StepFailure> = {}): StepFailure => ({ code, text: code, ...more });
const fail = (state: LiveJob, code: ErrorCode, more: Partial<StepFailure> = {}, at = T0): LiveJob =>
  stepFailed(state, failure(code, more), at, 0);
const succeed = (state: LiveJob): LiveJob =>
  stepSucceeded(state, { at: T0, version: 3, input: { a: 1 }, output: { id: 7 } });

describe('g20: a step that found no room', () => {
  const busy = failure('busy');

  test('is neither an attempt nor a failure, whatever the number: it comes back in a second or more', () => {
    let state = running();
    for (let times = 1; times <= 40; times += 1) {
      const at = T0 + times * GIVE_UP_MS;
      state = stepFailed(state, busy, at, 0);
      expect(state).toMatchObject({ status: 'retrying', progress: { tries: 0, firstFailureAt: null } });
      expect(state.steps[0]).toMatchObject({ attempts: 0, error: { code: 'busy' } });
      expect(state.progress.notBefore - at).toBeGreaterThanOrEqual(1_000);
      expect(state.progress.notBefore - at).toBeLessThanOrEqual(30_000);
      state = stepStarted(state, state.progress.notBefore);
    }
    expect(succeed(state).steps[0]).toMatchObject({ status: 'succeeded', attempts: 1, error: null });
  });

  test('keeps what failed before: its words, its count, its 24 hours, and what may have been sent', () => {
    const before = stepFailed(running(), failure('app_unavailable', { mayHaveHappened: true }), T0, 0);
    const between = stepFailed(stepStarted(before, T0 + 9), busy, T0 + 9, 0);
    expect(between.steps[0]).toMatchObject({ attempts: 1, error: { code: 'app_unavailable' } });
    expect(between.progress).toMatchObject({ tries: 1, firstFailureAt: T0, mayHaveHappened: true });
    const after = stepFailed(stepStarted(between, T0 + GIVE_UP_MS), failure('app_unavailable'), T0 + GIVE_UP_MS, 0);
    expect(after).toMatchObject({ status: 'failed', error: { code: 'app_unavailable' } });
  });
});

describe('a failed step, by class', () => {
  test.each<[string, ErrorCode, Partial<StepFailure>, string]>([
    ['a fault that passes', 'app_unavailable', {}, 'retrying'],
    ['too many requests', 'rate_limited', {}, 'retrying'],
    ['a token rejected though verified', 'access_token_rejected', {}, 'retrying'],
    ['a lost worker', 'outcome_unknown', { mayHaveHappened: true }, 'retrying'],
    ['a lost answer that can be looked up', 'outcome_unknown', { canLookUp: true }, 'retrying'],
    ['a lost answer that cannot', 'outcome_unknown', { canLookUp: false }, 'failed'],
    ['a dead grant', 'grant_revoked', {}, 'waiting'],
    ['a missing right', 'right_missing', { requirement: 'x:write' }, 'waiting'],
    ['a missing key', 'key_missing', {}, 'waiting'],
    ['a bad mapping', 'mapping_failed', {}, 'failed'],
    ['a refused request', 'app_rejected_request', {}, 'failed'],
    ['a defect', 'internal', {}, 'failed'],
  ])('%s (%s)', (_, code, more, status) => {
    const state = fail(running(), code, more);
    expect(state.status).toBe(status);
    expect(state.steps[0]?.status).toBe(status);
    expect(state.steps[1]?.status).toBe(status === 'failed' ? 'skipped' : 'pending');
    expect(state.error?.code ?? null).toBe(status === 'failed' ? code : null);
  });

  test('pauses grow, honour Retry-After, and give up after 24 hours', () => {
    const once = fail(running(), 'app_unavailable');
    const twice = fail(stepStarted(once, T0 + 1_000), 'app_unavailable', {}, T0 + 1_000);
    expect(twice.progress.notBefore - (T0 + 1_000)).toBeGreaterThan(once.progress.notBefore - T0);
    expect(fail(running(), 'rate_limited', { retryAfterMs: 90_000 }).progress.notBefore).toBe(T0 + 90_000);
    const late = fail(stepStarted(twice, T0), 'app_unavailable', {}, T0 + GIVE_UP_MS);
    expect(late).toMatchObject({ status: 'failed', error: { code: 'app_unavailable', step: 'first' } });
  });

  test('a parked time does not count toward the 24 hours', () => {
    const parked = fail(stepStarted(fail(running(), 'app_unavailable'), T0), 'grant_revoked');
    const later = stepStarted(woken(parked, 'con_target'), T0 + GIVE_UP_MS * 2);
    expect(fail(later, 'app_unavailable', {}, T0 + GIVE_UP_MS * 2).status).toBe('retrying');
  });

  test('what may have happened is remembered until the step is over, and is not looked up at once', () => {
    const unknown = fail(running(), 'outcome_unknown', { mayHaveHappened: true, canLookUp: true });
    expect(unknown.progress.notBefore).toBeGreaterThanOrEqual(T0 + LOOK_UP_AFTER_MS);
    const again = fail(stepStarted(unknown, T0), 'app_unavailable', { mayHaveHappened: false });
    expect(again.progress.mayHaveHappened).toBe(true);
    expect(succeed(stepStarted(again, T0)).progress.mayHaveHappened).toBe(false);
  });

  test('an outcome that stays unknown ends the job', () => {
    let state = running();
    for (let round = 0; round < 4; round += 1)
      state = fail(stepStarted(state, T0), 'outcome_unknown', { canLookUp: true });
    expect(state).toMatchObject({ status: 'failed', error: { code: 'outcome_unknown' } });
  });
});

describe('a parked job', () => {
  const parked = (): LiveJob => fail(running(), 'grant_revoked', { connectionId: 'con_target' });

  test('looks once 2 s after parking', () => {
    expect(parked().waitingFor).toEqual({
      connectionId: 'con_target',
      code: 'grant_revoked',
      requirement: null,
      since: T0,
      nextLookAt: T0 + FIRST_LOOK_MS,
    });
    expect(workOf(parked())).toEqual({ do: 'look', until: T0 + FIRST_LOOK_MS });
  });

  test('looks more and more seldom, up to 15 minutes', () => {
    let state = parked();
    const pauses: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      state = looked(state, 'wait', T0, 1);
      pauses.push(state.waitingFor!.nextLookAt - T0);
    }
    expect(pauses.slice(0, 3)).toEqual([30_000, 60_000, 120_000]);
    expect(pauses.at(-1)).toBe(15 * 60_000);
  });

  test('goes on at the same step when it is woken for its connection', () => {
    const state = woken(succeedFirstThenPark(), 'con_target');
    expect(workOf(state)).toEqual({ do: 'run', step: 1 });
    expect(state.steps[0]).toMatchObject({ status: 'succeeded', output: { id: 7 } });
  });

  const succeedFirstThenPark = (): LiveJob =>
    fail(stepStarted(succeed(running()), T0), 'grant_revoked', { connectionId: 'con_target' });

  test('is left alone by a wake for another connection, or when it does not wait', () => {
    const state = parked();
    expect(woken(state, 'con_other')).toBe(state);
    const busy = running();
    expect(woken(busy, 'con_target')).toBe(busy);
  });

  test('does not hammer when the actor says go and the app says no', () => {
    let state = running();
    const pauses: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      state = fail(state, 'credential_rejected', { connectionId: 'con_target' });
      pauses.push(state.waitingFor!.nextLookAt - T0);
      state = stepStarted(looked(state, 'go', T0, 0), T0);
    }
    expect(pauses.slice(0, 3)).toEqual([FIRST_LOOK_MS, FIRST_LOOK_MS, FIRST_LOOK_MS]);
    expect(pauses[5]).toBeGreaterThan(60_000);
  });

  test('repeats a step that lacks a right at most every 5 minutes', () => {
    const state = fail(running(), 'right_missing', { connectionId: 'con_target', requirement: 'x:write' });
    expect(looked(state, 'wait', T0 + 60_000, 0).status).toBe('waiting');
    expect(looked(state, 'wait', T0 + 5 * 60_000, 0).status).toBe('running');
  });

  test('whose connection was deleted waits for a rebind', () => {
    const state = looked(parked(), 'deleted', T0, 0);
    expect(state).toMatchObject({ status: 'waiting', waitingFor: { code: 'connection_deleted' } });
    const bound = rebound(state, 'target', 'con_new');
    expect(bound).toMatchObject({
      status: 'running',
      waitingFor: null,
      bindings: { target: { connectionId: 'con_new' } },
    });
    expect(rebound(state, 'source', 'con_new').status).toBe('waiting');
    expect(rebound(state, 'nothing', 'con_new')).toBe(state);
  });
});

test('steps run in order and the last one ends the job', () => {
  const first = succeed(running());
  expect(first).toMatchObject({ status: 'running', progress: { step: 1, tries: 0 } });
  expect(succeed(stepStarted(first, T0))).toMatchObject({ status: 'succeeded', endedAt: T0 });
});

test('cancel ends it in every state that is not an end', () => {
  const states = [newJob(), running(), fail(running(), 'app_unavailable'), fail(running(), 'grant_revoked')];
  for (const state of states)
    expect(cancelled(state, T0)).toMatchObject({
      status: 'cancelled',
      waitingFor: null,
      error: { code: 'job_cancelled' },
    });
  const done = succeed(stepStarted(succeed(running()), T0));
  expect(cancelled(done, T0)).toBe(done);
});

test('a rerun keeps what is done; an unknown outcome is looked up only where that can be', () => {
  const { v: _, ...view } = fail(stepStarted(succeed(running()), T0), 'outcome_unknown', { canLookUp: false });
  const rerun = liveJob(rerunOf(view, T0 + 1));
  expect(rerun).toMatchObject({
    status: 'queued',
    reruns: 1,
    error: null,
    endedAt: null,
    progress: { step: 1, mayHaveHappened: false },
  });
  expect(rerun.steps.map((step) => step.status)).toEqual(['succeeded', 'pending']);
  let unknown = running();
  for (let round = 0; round < 4; round += 1) unknown = fail(unknown, 'outcome_unknown', { canLookUp: true });
  expect(rerunOf(unknown, T0).progress?.mayHaveHappened).toBe(true);
});

test('the state is plain JSON in every status', () => {
  for (const state of [
    newJob(),
    running(),
    fail(running(), 'right_missing', { requirement: 'a:b' }),
    fail(running(), 'internal'),
  ]) {
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  }
});

test('g07: what the first try evaluated is kept for all that follow, with when it may first have been sent', () => {
  const input = { at: 'the first moment' };
  const first = fail(running(), 'app_unavailable', { input, mayHaveHappened: true }, T0 + 1);
  expect(triesBefore(first)).toEqual({
    stepKey: 'job_1/first',
    mayHaveHappened: true,
    firstSentAt: T0,
    frozen: input,
  });
  const second = fail(stepStarted(first, T0 + 9), 'rate_limited', { input, mayHaveHappened: true }, T0 + 10);
  expect(triesBefore(second)).toMatchObject({ firstSentAt: T0, frozen: input });
  const parked = fail(stepStarted(second, T0 + 20), 'right_missing', { requirement: 'x:y' });
  expect(triesBefore(parked)).toMatchObject({ firstSentAt: T0, frozen: input });
  expect(triesBefore(succeed(parked))).toEqual({ stepKey: 'job_1/second', mayHaveHappened: false });
});

test('g07: a mapping that failed froze nothing', () => {
  expect(triesBefore(fail(running(), 'mapping_failed'))).not.toHaveProperty('frozen');
});
