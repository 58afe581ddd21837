import type { ErrorCode } from '#domain/errors.js';
import type { PollOutcome } from './activities.js';
import { bornRecipe, type OpenJob } from './messages.js';
import {
  capacityOf,
  changed,
  deleted,
  jobsDone,
  liveRecipe,
  looked,
  polled,
  pollFailed,
  projectionOfPoll,
  RECONCILE_MS,
  reconciled,
  started,
  stopped,
  woken,
  workOf,
  type LiveRecipe,
} from './state.js';

const T0 = 1_000_000;
const DEFINITION = {
  trigger: { binding: 'source', operation: 'new', input: { since: '2026-01-01' } },
  steps: [{ id: 'one', binding: 'target', operation: 'create', input: {} }],
  concurrency: 3,
};
const BINDINGS = { source: { app: 'a', connectionId: 'con_source' }, target: { app: 'b', connectionId: 'con_target' } };

const born = (): LiveRecipe =>
  liveRecipe(
    bornRecipe({
      workspaceId: 'ws_1',
      recipeId: 'rec_1',
      name: 'n',
      version: 1,
      definition: DEFINITION,
      bindings: BINDINGS,
      at: T0,
    }),
  );
const running = (): LiveRecipe => started(born(), T0);
const job = (jobId: string, recordId = jobId, after: string | null = null): OpenJob => ({
  jobId,
  recordId,
  after,
  startedAt: T0,
});
const outcome = (jobs: OpenJob[], cursor: string | null = 'c1'): PollOutcome => ({
  at: T0,
  cursor,
  connectionId: 'con_source',
  started: jobs,
});
const withJobs = (...jobs: OpenJob[]): LiveRecipe => polled(running(), outcome(jobs), running()).state;
const failed = (state: LiveRecipe, code: ErrorCode, requirement: string | null = null): LiveRecipe =>
  pollFailed(state, { code, text: code, connectionId: 'con_source', requirement }, T0, 0);

test.each<[string, (state: LiveRecipe) => LiveRecipe, string]>([
  ['start', (state) => started(state, T0), 'running'],
  ['stop', (state) => stopped(started(state, T0), T0), 'stopped'],
  ['a second start', (state) => started(started(state, T0), T0), 'running'],
  ['a "no" of a connection', (state) => failed(started(state, T0), 'grant_revoked'), 'waiting'],
  ['a wake for it', (state) => woken(failed(started(state, T0), 'grant_revoked'), 'con_source', T0), 'running'],
  ['a wake for another', (state) => woken(failed(started(state, T0), 'grant_revoked'), 'con_other', T0), 'waiting'],
  ['a look that says go', (state) => looked(failed(started(state, T0), 'grant_revoked'), 'go', T0, 0), 'running'],
  ['a look that says wait', (state) => looked(failed(started(state, T0), 'grant_revoked'), 'wait', T0, 0), 'waiting'],
  ['stop while waiting', (state) => stopped(failed(started(state, T0), 'grant_revoked'), T0), 'stopped'],
  ['a wake while stopped', (state) => woken(state, 'con_source', T0), 'stopped'],
  ['a late failure of a stopped recipe', (state) => failed(state, 'grant_revoked'), 'stopped'],
  ['a fault of the trigger', (state) => failed(started(state, T0), 'app_unavailable'), 'running'],
  ['delete', (state) => deleted(state, T0), 'deleted'],
  ['start after delete', (state) => started(deleted(state, T0), T0), 'deleted'],
])('%s', (_, make, status) => {
  expect(make(born()).status).toBe(status);
});

describe('polling', () => {
  test('needs a running recipe and room for a job', () => {
    expect(workOf(born(), T0).poll).toBe(false);
    expect(workOf(running(), T0).poll).toBe(true);
    expect(capacityOf(withJobs(job('j1'), job('j2')))).toBe(1);
    expect(workOf(withJobs(job('j1'), job('j2'), job('j3')), T0).poll).toBe(false);
    expect(workOf(jobsDone(withJobs(job('j1'), job('j2'), job('j3')), ['j2']).state, T0).poll).toBe(true);
  });

  test('pauses after a fault, shows it, and forgets it with the next success', () => {
    const state = failed(running(), 'app_unavailable');
    expect(state.warning).toMatchObject({ code: 'app_unavailable', at: T0 });
    expect(workOf(state, T0)).toMatchObject({ poll: false, wakeAt: state.progress.pollNotBefore });
    expect(workOf(state, state.progress.pollNotBefore).poll).toBe(true);
    expect(polled(state, outcome([]), state).state).toMatchObject({ warning: null, progress: { failures: 0 } });
  });

  test('keeps the cursor by connection, and takes none of an older trigger', () => {
    const asked = running();
    expect(withJobs(job('j1')).cursors).toEqual({ con_source: 'c1' });
    const definition = { ...DEFINITION, trigger: { ...DEFINITION.trigger, input: { since: '2020-01-01' } } };
    const other = changed(withJobs(job('j1')), { version: 2, name: 'n', definition, bindings: BINDINGS }, T0);
    expect(other.cursors).toEqual({});
    expect(polled(other, outcome([job('j2')], 'old'), asked).state).toMatchObject({ cursors: {}, jobsStarted: 2 });
    expect(polled(running(), outcome([job('j1')], null), asked).state.cursors).toEqual({});
  });

  test('a new version with the same trigger keeps the cursor; an old or equal version changes nothing', () => {
    const state = withJobs(job('j1'));
    const bindings = { ...BINDINGS, target: { app: 'b', connectionId: 'con_two' } };
    expect(changed(state, { version: 2, name: 'm', definition: DEFINITION, bindings }, T0)).toMatchObject({
      cursors: { con_source: 'c1' },
      bindings,
      name: 'm',
      version: 2,
    });
    expect(changed(state, { version: 1, name: 'm', definition: DEFINITION, bindings }, T0)).toBe(state);
  });

  test('a change wakes a waiting recipe: another connection may be bound', () => {
    const state = changed(
      failed(running(), 'connection_deleted'),
      { version: 2, name: 'n', definition: DEFINITION, bindings: BINDINGS },
      T0,
    );
    expect(state).toMatchObject({ status: 'running', waitingFor: null, warning: null });
  });
});

describe('jobs of one record', () => {
  test('the successor is released when its predecessor ends', () => {
    const state = withJobs(job('a', 'r'), job('b', 'r', 'a'), job('c', 'r', 'b'));
    const first = jobsDone(state, ['a']);
    expect(first.released).toEqual([job('b', 'r', 'a')]);
    const second = jobsDone(first.state, ['b']);
    expect(second.released).toEqual([job('c', 'r', 'b')]);
    expect(jobsDone(second.state, ['c']).state.openJobs).toEqual([]);
  });

  test('one that ended before the poll told of it is not open, and frees its successor', () => {
    const asked = running();
    const early = jobsDone(asked, ['a']).state;
    const { state, released } = polled(early, outcome([job('a', 'r'), job('b', 'r', 'a')]), asked);
    expect(state.openJobs.map((open) => open.jobId)).toEqual(['b']);
    expect(released.map((open) => open.jobId)).toEqual(['b']);
    expect(state.jobsStarted).toBe(2);
  });

  test('a predecessor that ended while the poll ran frees the job too', () => {
    const asked = withJobs(job('a', 'r'));
    const ended = jobsDone(asked, ['a']).state;
    expect(polled(ended, outcome([job('b', 'r', 'a')]), asked).released).toEqual([job('b', 'r', 'a')]);
  });

  test('a job told twice counts once', () => {
    const state = withJobs(job('a'));
    expect(polled(state, outcome([job('a')]), state).state).toMatchObject({ openJobs: [job('a')], jobsStarted: 1 });
    const done = jobsDone(state, ['a']).state;
    expect(jobsDone(jobsDone(done, ['x']).state, ['x']).state.progress.ended).toEqual(['a', 'x']);
  });
});

// Found on a real server: it was open for ever, and its place was lost until the next comparison.
test('a job that a poll finds running although it has told its end is not open again', () => {
  const done = jobsDone(withJobs(job('a')), ['a']).state;
  expect(polled(done, outcome([{ ...job('a'), adopted: true }]), done).state).toMatchObject({
    openJobs: [],
    jobsStarted: 1,
  });
  expect(polled(done, outcome([{ ...job('b'), adopted: true }]), done).state).toMatchObject({
    openJobs: [{ jobId: 'b' }],
    jobsStarted: 2,
  });
});

test('what a poll writes never stands in the way of a change that happened while it ran', () => {
  const asked = running();
  const written = projectionOfPoll(asked, outcome([job('a')]));
  expect(written.revision).toBeGreaterThan(asked.revision);
  for (const later of [stopped(asked, T0), jobsDone(asked, ['x']).state, failed(asked, 'grant_revoked')])
    expect(later.revision).toBeGreaterThan(written.revision);
});

test('the list of ended jobs is bounded', () => {
  let state = running();
  for (let index = 0; index < 300; index += 1) state = jobsDone(state, [`j${index}`]).state;
  expect(state.progress.ended).toHaveLength(200);
  expect(state.progress.ended.at(-1)).toBe('j299');
});

describe('parking', () => {
  test('names connection, code and requirement, and looks after 2 s', () => {
    const state = failed(running(), 'right_missing', 'Account:read');
    expect(state.waitingFor).toEqual({
      connectionId: 'con_source',
      code: 'right_missing',
      requirement: 'Account:read',
    });
    expect(workOf(state, T0)).toEqual({ poll: false, look: false, reconcile: [], wakeAt: T0 + 2_000 });
    expect(workOf(state, T0 + 2_000).look).toBe(true);
  });

  test('for a right it polls again after 5 minutes even if nobody verified', () => {
    const state = failed(running(), 'right_missing', 'Account:read');
    expect(looked(state, 'wait', T0 + 60_000, 0).status).toBe('waiting');
    expect(looked(state, 'wait', T0 + 300_000, 0).status).toBe('running');
  });

  test('a deleted connection is named', () => {
    expect(looked(failed(running(), 'grant_revoked'), 'deleted', T0, 0).waitingFor?.code).toBe('connection_deleted');
  });

  test('does not hammer when the actor says go and the trigger says no', () => {
    let state = running();
    for (let round = 0; round < 6; round += 1) state = looked(failed(state, 'credential_rejected'), 'go', T0, 0);
    expect(failed(state, 'credential_rejected').progress.nextLookAt - T0).toBeGreaterThan(60_000);
  });
});

test('open jobs are compared with Temporal every few minutes, and only while there are old ones', () => {
  const state = withJobs(job('a'), job('b'));
  expect(workOf(state, T0 + RECONCILE_MS - 1).reconcile).toEqual([]);
  expect(workOf(state, T0 + RECONCILE_MS).reconcile).toEqual(['a', 'b']);
  const marked = reconciled(state, [], T0 + RECONCILE_MS).state;
  expect(workOf(marked, T0 + RECONCILE_MS + 1).reconcile).toEqual([]);
  expect(reconciled(marked, ['a'], T0 + RECONCILE_MS).state.openJobs.map((open) => open.jobId)).toEqual(['b']);
  expect(workOf(running(), T0).wakeAt).toBe(null);
});

test('the state is plain JSON', () => {
  for (const state of [born(), withJobs(job('a')), failed(running(), 'right_missing', 'x')])
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
});
