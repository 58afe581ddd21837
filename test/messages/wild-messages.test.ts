/** What each reader and validator makes of wild input: nothing, or something that is safe to act on. Pure; thousands of inputs each. */
import fc from 'fast-check';
import type { ConnectionEvent } from '#workflows/connection/events.js';
import { CHECKED_UPDATES, faultOfUpdate, LONGEST_ATTEMPT_MS } from '#workflows/connection/fault-of-update.js';
import { readSignal } from '#workflows/connection/read-signal.js';
import type { ConnectionState } from '#workflows/connection/state.js';
import { nextDeadline } from '#workflows/connection/time.js';
import { transition } from '#workflows/connection/transition.js';
import { nextWork } from '#workflows/connection/work.js';
import { readPredecessorDone, readRebind, readWake as readJobWake } from '#workflows/job/read-message.js';
import { faultOfChange, pickChange, readJobDone, readWake } from '#workflows/recipe/read-message.js';
import { bornRecipe } from '#workflows/recipe/messages.js';
import { changed, jobsDone, liveRecipe, workOf } from '#workflows/recipe/state.js';
import { bornJob, liveJob, rebound, workOf as jobWorkOf } from '#workflows/job/state.js';
import { connected, DAY, draft, NOW } from '../support/connection-states.js';
import { fuzzSeed } from '../support/fuzz-seed.js';
import { CONNECTION_MESSAGES, JOB_MESSAGES, RECIPE_MESSAGES, wildInput } from './wild-messages.js';

const RUNS = 2_000;
const forAny = (fits: Parameters<typeof wildInput>[0], holds: (input: unknown) => void): void =>
  fc.assert(fc.property(wildInput(fits), holds), { numRuns: RUNS, seed: fuzzSeed() });

/** Cheap, for it is asked some hundred thousand times. */
function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** A timer, a payload, a loop: none of them may become longer than life allows. */
function expectSafe(state: ConnectionState, before: ConnectionState): void {
  if (state === before) return;
  const text = JSON.stringify(state);
  must(JSON.stringify(JSON.parse(text)) === text, 'the state is no plain JSON');
  must(text.length < JSON.stringify(before).length + 1_000_000, 'the state has grown too large');
  nextWork(state, NOW);
  const deadline = nextDeadline(state, NOW);
  must(deadline === null || (Number.isFinite(deadline) && deadline - NOW < 400 * DAY), `the deadline is ${deadline}`);
  must(Number.isInteger(state.keptFrom) && Number.isInteger(state.nextVersion), 'a version is no whole number');
  must(state.keptFrom >= 1 && state.nextVersion - state.keptFrom < 1_000, 'a loop over versions is too long');
}

const STATES = [draft(), connected()];

function expectSafeAfter(...events: ConnectionEvent[]): void {
  for (const state of STATES) for (const event of events) expectSafe(transition(state, event), state);
}

describe('g12: signals of a connection', () => {
  test.each(Object.keys(CONNECTION_MESSAGES.signals))('%s', (name) => {
    forAny(CONNECTION_MESSAGES.signals[name], (input) => {
      const { by, attemptId, expiresAt, at, version, requirements } = readSignal(input);
      const now = NOW;
      if (attemptId && expiresAt) {
        const ends = Math.min(expiresAt, now + LONGEST_ATTEMPT_MS);
        const open = transition(connected(), { type: 'authorizeAsked', at: now, attemptId, expiresAt: ends, by });
        must(nextDeadline(open, now)! <= now + LONGEST_ATTEMPT_MS, 'the attempt never ends');
      }
      expectSafeAfter(
        { type: 'verifyWished', at: now, by, requirements },
        ...(at === undefined ? [] : [{ type: 'used' as const, at: Math.min(at, now) }]),
        ...(version === undefined ? [] : [{ type: 'lateAnswer' as const, at: now, version, atOnce: true }]),
        ...(attemptId === undefined ? [] : [{ type: 'attemptAnswered' as const, at: now, attemptId }]),
      );
    });
  });
});

describe('g12: updates of a connection', () => {
  test('every update has its check', () =>
    expect([...CHECKED_UPDATES].sort()).toEqual(Object.keys(CONNECTION_MESSAGES.updates).sort()));

  test.each(CHECKED_UPDATES)('%s', (name) => {
    const fits = CONNECTION_MESSAGES.updates[name]!;
    expect(faultOfUpdate(name, fits, NOW)).toBeNull();
    forAny(fits, (input) => {
      const fault = faultOfUpdate(name, input, NOW);
      if (fault !== null) return must(/^"[a-zA-Z]+" (must|is)/.test(fault), fault);
      expectSafeAfter(...eventsOf(name, input as never));
    });
  });

  test('nothing of a signal or an update may choose the event', () => {
    const spoiled = { ...CONNECTION_MESSAGES.updates['reconfigure'], type: 'deleteAsked', at: -1 };
    expect(transition(connected(), eventsOf('reconfigure', spoiled as never)[0]!).status).toBe('connected');
  });
});

/** As the handlers make it. */
function eventsOf(name: string, input: Record<string, never>): ConnectionEvent[] {
  const at = NOW;
  const { by, requirements = [], attemptId } = input;
  const events: Record<string, ConnectionEvent> = {
    authorize: { ...input, type: 'authorizeAsked', at } as never,
    refresh: { type: 'refreshWished', at, by: by!, rejectedVersion: 0, adoptOnly: false },
    ensureFresh: { type: 'refreshWished', at, by: by!, rejectedVersion: input['seenVersion']!, adoptOnly: false },
    verify: { type: 'verifyWished', at, by: by!, requirements },
    decideCandidate: { ...input, type: 'candidateDecided', at } as never,
    cancelAttempt: { type: 'attemptCancelled', at, attemptId: attemptId! },
    disconnect: { type: 'disconnectAsked', at, by: by! },
    delete: { type: 'deleteAsked', at, by: by! },
    reconfigure: { ...input, type: 'reconfigured', at } as never,
  };
  return [events[name]!];
}

const definition = {
  trigger: { binding: 'source', operation: 'changed', input: {} },
  steps: [{ id: 'one', binding: 'target', operation: 'write', input: {} }],
  concurrency: 3,
};
const bindings = {
  source: { app: 'tiny', connectionId: 'con_aaaa' },
  target: { app: 'tiny', connectionId: 'con_bbbb' },
};
const names = { workspaceId: 'ws_aaaa', recipeId: 'rec_aaaa' };

describe('g12: messages of a recipe', () => {
  const recipe = liveRecipe(bornRecipe({ ...names, name: 'r', version: 1, definition, bindings, at: NOW }));

  test.each(Object.keys(RECIPE_MESSAGES.signals))('%s', (name) => {
    forAny(RECIPE_MESSAGES.signals[name], (input) => {
      readWake(input);
      const jobId = readJobDone(input);
      if (jobId !== null) must(jobsDone(recipe, [jobId]).state.progress.ended[0]!.length <= 100, 'an id is long');
    });
  });

  test('change', () => {
    const fits = RECIPE_MESSAGES.updates['change']!;
    expect(faultOfChange(fits)).toBeNull();
    forAny(fits, (input) => {
      const fault = faultOfChange(input);
      if (fault !== null)
        return must(/^("definition|"bindings|"name|"version|The change|The input)/.test(fault), fault);
      const next = changed({ ...recipe, status: 'running' }, pickChange(input as never), NOW);
      const { wakeAt } = workOf(next, NOW);
      must(next.status === 'running' && (wakeAt === null || Number.isFinite(wakeAt)), 'the recipe stands still');
    });
  });
});

describe('g12: signals of a job', () => {
  const event = { recordId: 'r', stamp: '1', data: {} };
  const birth = { ...names, recipeVersion: 1, jobId: 'job_aaaa', event, definition, bindings, at: NOW };
  const job = liveJob(bornJob(birth));

  test.each(Object.keys(JOB_MESSAGES.signals))('%s', (name) => {
    forAny(JOB_MESSAGES.signals[name], (input) => {
      readJobWake(input);
      readPredecessorDone(input);
      const rebind = readRebind(input);
      if (rebind === null) return;
      const next = rebound(job, rebind.binding, rebind.connectionId);
      must(Object.keys(next.bindings).join() === 'source,target', 'a binding has come to it');
      must(/^con_[0-9a-z]{4,40}$/.test(next.bindings['target']!.connectionId!), 'no id of a connection');
      jobWorkOf(next);
    });
  });

  test.each([
    ['a number', 5],
    ['a list', ['con_aaaa']],
    ['3,000 characters', 'x'.repeat(3_000)],
    ['null', null],
    ['an object', { id: 'con_aaaa' }],
    ['the id of a job', 'job_aaaa'],
    ['nothing', ''],
  ])('rebind to %s is no message', (_, connectionId) =>
    expect(readRebind({ binding: 'target', connectionId })).toBeNull(),
  );
});
