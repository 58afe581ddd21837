/** Verification: what is evidence, what is only trouble, and what callers wait for. */
import {
  after,
  connected,
  exchanging,
  granted,
  HOUR,
  NOW,
  proven,
  renewed,
  renewing,
  STATES,
  transient,
} from '../../test/support/connection-states.js';
import type { ConnectionEvent } from './events.js';
import type { ConnectionState } from './state.js';
import { nextWork } from './work.js';

const wish = (by: 'person' | 'job' = 'job', requirements: string[] = []): ConnectionEvent => ({
  type: 'verifyWished',
  at: NOW,
  by,
  requirements,
});
const started: ConnectionEvent = { type: 'verifyStarted', at: NOW };
const verifying = (state: ConnectionState, ...wishes: ConnectionEvent[]): ConnectionState =>
  after(state, ...(wishes.length ? wishes : [wish()]), started);

test('a rejection is a report first: the credential is renewed once, and only a second rejection invalidates', () => {
  const first = verifying(connected());
  const reported = after(first, proven(first, false));
  expect(reported).toMatchObject({
    status: 'connected',
    refresh: { wish: { rejectedVersion: 1 } },
    verify: { rounds: first.verify.rounds },
  });
  expect(nextWork(reported, NOW)).toEqual({ kind: 'refresh' });
  const renewal = after(reported, { type: 'refreshStarted', at: NOW });
  const fresh = after(renewal, renewed(renewal));
  expect(nextWork(fresh, NOW)).toEqual({ kind: 'verify' });
  const second = after(fresh, started);
  expect(after(second, proven(second, true))).toMatchObject({
    status: 'connected',
    proof: { accepted: true, version: 2 },
  });
  expect(after(second, proven(second, false))).toMatchObject({
    status: 'invalid',
    reason: { code: 'credential_rejected' },
  });
});

test('without a refresh token a rejection is evidence at once', () => {
  const state = verifying(connected({}, { facts: { hasRefreshToken: false } }));
  expect(after(state, proven(state, false))).toMatchObject({ status: 'invalid', reason: { code: 'no_refresh_token' } });
});

test.each(['app_unavailable', 'rate_limited', 'vault_damaged', 'temporarily_unavailable'] as const)(
  'no answer (%s) proves nothing',
  (code) => {
    const state = verifying(connected());
    const next = after(state, {
      type: 'verified',
      outcome: { kind: 'unanswered', code, at: NOW, jitter: 0, version: 1 },
    });
    expect(next).toMatchObject({
      status: 'connected',
      reason: null,
      verify: { trouble: { code }, rounds: state.verify.rounds + 1 },
    });
    expect(next.proof).toEqual(state.proof);
  },
);

test('a missing right never invalidates: it is named in the proof', () => {
  const state = verifying(connected());
  const missing = [{ requirement: 'accounts:write', text: 'The user may not write accounts.' }];
  const next = after(state, {
    type: 'verified',
    outcome: { kind: 'answered', accepted: true, missing, satisfied: [], at: NOW, jitter: 0, version: 1 },
  });
  expect(next).toMatchObject({ status: 'connected', proof: { accepted: true, missing } });
});

test('rights that were found wake the jobs that wait for them', () => {
  const state = verifying(connected());
  const next = after(state, {
    type: 'verified',
    outcome: {
      kind: 'answered',
      accepted: true,
      missing: [],
      satisfied: ['accounts:write'],
      at: NOW,
      jitter: 0,
      version: 1,
    },
  });
  expect(next.announcements.at(-1)).toMatchObject({ kind: 'rights', wakeRequirements: ['accounts:write'] });
});

test('wishes join: requirements are united, a person stays a person, and what comes meanwhile is another round', () => {
  const state = verifying(connected(), wish('job', ['a']), wish('person', ['b', 'a']), wish('job', ['c']));
  expect(state.verify.underWay).toEqual({ by: 'person', requirements: ['a', 'b', 'c'], renewedFrom: 0 });
  const meanwhile = after(state, wish('job', ['d']));
  const done = after(meanwhile, proven(meanwhile, true));
  expect(done.verify).toMatchObject({ underWay: null, wish: { requirements: ['d'] }, rounds: state.verify.rounds + 1 });
});

test('an ended token is renewed before it is verified; a failing renewal answers the caller', () => {
  const ended = after(connected(), wish());
  expect(nextWork(ended, NOW + HOUR)).toEqual({ kind: 'refresh' });
  const renewal = after(ended, { type: 'refreshStarted', at: NOW + HOUR });
  const failed = after(renewal, transient(renewal, NOW + HOUR));
  expect(failed.verify).toMatchObject({
    wish: null,
    rounds: ended.verify.rounds + 1,
    trouble: { code: 'token_endpoint_unavailable' },
  });
});

test('a proof of a grant that was swapped meanwhile is not taken for the new one', () => {
  const asked = exchanging(connected(), 'att_2');
  const waiting = after(asked, granted(asked, { grant: { account: { id: 'user-2', label: 'bob' } } }));
  const swapped = after(verifying(waiting), { type: 'candidateDecided', at: NOW, attemptId: 'att_2', accept: true });
  const missing = [{ requirement: 'accounts:write', text: 'The old user may not write accounts.' }];
  const state = after(swapped, {
    type: 'verified',
    outcome: { kind: 'answered', accepted: true, missing, satisfied: ['a'], at: NOW, jitter: 0, version: 1 },
  });
  expect(state.proof).toEqual(swapped.proof);
  expect(state.announcements).toEqual(swapped.announcements);
  // Whoever waits is answered by a look at the grant in force.
  expect(nextWork(state, NOW)).toEqual({ kind: 'verify' });
});

test('no verification is started for what nobody authorized or somebody gave up', () => {
  for (const make of [STATES.draft, STATES.disconnected, STATES.deleted]) {
    const state = make();
    expect(after(state, wish('person', ['a']))).toBe(state);
  }
  expect(renewing(connected()).status).toBe('connected');
});
