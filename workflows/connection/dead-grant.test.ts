/** Promise 7: a dead grant is left alone. Only a person's message may cause a call to the app. */
import {
  after,
  connected,
  DAY,
  dead,
  HOUR,
  MINUTE,
  NOW,
  proven,
  rejected,
  renewing,
  revoked,
  STATES,
  transient,
} from '../../test/support/connection-states.js';
import type { Sender } from '#domain/lease.js';
import type { ConnectionEvent } from './events.js';
import { leaseOf } from './lease-of.js';
import { nextDeadline } from './time.js';
import { nextWork } from './work.js';
import { wishForFresh } from './wish-for-fresh.js';

const MOMENTS = [NOW, NOW + MINUTE, NOW + 2 * HOUR, NOW + 29 * DAY, NOW + 400 * DAY];
const INVALID = { 'grant revoked': revoked, 'credential rejected': rejected };
const wishes = (by: Sender): ConnectionEvent[] => [
  { type: 'refreshWished', at: NOW, by, rejectedVersion: 1, adoptOnly: false },
  { type: 'verifyWished', at: NOW, by, requirements: ['a:read'] },
  { type: 'used', at: NOW },
  { type: 'authorizeRequested', at: NOW },
];

describe.each(Object.entries(INVALID))('invalid (%s)', (_name, make) => {
  test.each(MOMENTS)('has no work and no timer at %d', (at) => {
    const state = after(make(), { type: 'ticked', at });
    expect(nextWork(state, at)).toBeNull();
    expect(nextDeadline(state, at)).toBeNull();
  });

  test.each(['job', 'system'] as const)('messages of a %s cause no work and no timer, however many', (by) => {
    const state = after(make(), ...wishes(by), ...wishes(by), { type: 'ticked', at: NOW });
    expect(state.status).toBe('invalid');
    for (const at of MOMENTS) {
      expect(nextWork(state, at)).toBeNull();
      expect(nextDeadline(state, at)).toBeNull();
    }
  });

  test('a job that asks for a fresh credential is answered at once: no', () => {
    expect(wishForFresh(make(), { seenVersion: 1, by: 'job', rejected: true }, NOW)).toBe('answer');
    expect(leaseOf(make()).kind).toBe('no');
  });

  test("a person's verify is work, once; its rejection leaves silence again", () => {
    const asked = after(
      make(),
      { type: 'verifyWished', at: NOW, by: 'person', requirements: [] },
      { type: 'ticked', at: NOW },
    );
    expect(nextWork(asked, NOW)).toEqual({ kind: 'verify' });
    const started = after(asked, { type: 'verifyStarted', at: NOW });
    expect(nextWork(started, NOW)).toBeNull();
    const young = { ...started, credential: { ...started.credential!, refreshed: true } };
    const answered = after(young, proven(young, false), { type: 'ticked', at: NOW });
    expect(answered.status).toBe('invalid');
    expect(nextWork(answered, NOW + DAY)).toBeNull();
  });

  test('an app that does not answer a person is not asked again by itself', () => {
    const started = after(
      make(),
      { type: 'verifyWished', at: NOW, by: 'person', requirements: [] },
      { type: 'verifyStarted', at: NOW },
    );
    const state = after(started, {
      type: 'verified',
      outcome: { kind: 'unanswered', code: 'app_unavailable', at: NOW, jitter: 0, version: 1 },
    });
    expect(state).toMatchObject({
      status: 'invalid',
      verify: { rounds: started.verify.rounds + 1, trouble: { code: 'app_unavailable' } },
    });
    expect(nextWork(state, NOW + DAY)).toBeNull();
    expect(nextDeadline(state, NOW)).toBeNull();
  });
});

test("a person's refresh of a refused grant makes no call: its refresh token is known dead", () => {
  const state = after(revoked(), {
    type: 'refreshWished',
    at: NOW,
    by: 'person',
    rejectedVersion: 0,
    adoptOnly: false,
  });
  expect(nextWork(state, NOW)).toBeNull();
});

describe("a person's refresh where the refresh token may live", () => {
  const wish: ConnectionEvent = { type: 'refreshWished', at: NOW, by: 'person', rejectedVersion: 0, adoptOnly: false };

  test('is work', () => {
    expect(nextWork(after(rejected(), wish), NOW)).toEqual({ kind: 'refresh' });
  });

  test.each(['transient', 'operator', 'ambiguous'] as const)(
    'is one call, not a loop, when its outcome is %s',
    (kind) => {
      const started = after(rejected(), wish, { type: 'refreshStarted', at: NOW });
      const part = { at: NOW, jitter: 0, version: started.refresh.underWay };
      const outcome =
        kind === 'ambiguous'
          ? { kind, sentAt: NOW, ...part }
          : { kind, code: 'token_endpoint_unavailable' as const, ...part };
      const state = after(started, { type: 'refreshed', outcome }, { type: 'ticked', at: NOW });
      expect(state).toMatchObject({ status: 'invalid', refresh: { wish: null, rounds: started.refresh.rounds + 1 } });
      for (const at of MOMENTS) expect(nextWork(state, at)).toBeNull();
      expect(nextDeadline(state, NOW)).toBeNull();
    },
  );

  test('is not lost when a late answer is announced at the same time, nor is the announcement', () => {
    const both = after(
      rejected(),
      wish,
      { type: 'refreshWished', at: NOW, by: 'system', rejectedVersion: 0, adoptOnly: true },
      { type: 'ticked', at: NOW },
    );
    expect(nextWork(both, NOW)).toEqual({ kind: 'refresh' });
    expect(both.refresh.wish).toMatchObject({ by: 'person', adoptOnly: false });
  });
});

test('a late answer alone is looked for in the vault only', () => {
  const state = after(revoked(), { type: 'refreshWished', at: NOW, by: 'system', rejectedVersion: 0, adoptOnly: true });
  expect(state.refresh.wish).toMatchObject({ adoptOnly: true });
  const started = after(state, { type: 'refreshStarted', at: NOW });
  const nothing = after(started, {
    type: 'refreshed',
    outcome: { kind: 'nothing', at: NOW, jitter: 0, version: started.refresh.underWay },
  });
  expect(nothing.status).toBe('invalid');
  expect(nextWork(nothing, NOW + DAY)).toBeNull();
});

test('degraded with a dead refresh token: no token call is left, whoever asks, and its end is timed', () => {
  const under = renewing(STATES.connected());
  const state = after(
    under,
    dead(under),
    ...wishes('job'),
    { type: 'verifyStarted', at: NOW },
    ...wishes('person').slice(0, 1),
  );
  expect(state).toMatchObject({ status: 'degraded', reason: { code: 'grant_revoked' } });
  expect(nextWork(state, NOW + 30 * MINUTE)).toBeNull();
  expect(nextDeadline(state, NOW)).toBe(NOW + HOUR);
  expect(after(state, { type: 'ticked', at: NOW + HOUR })).toMatchObject({
    status: 'invalid',
    reason: { code: 'grant_revoked' },
  });
});

test('a transient failure while invalid does not stand in the way of a later reconnect', () => {
  const started = after(
    rejected(),
    { type: 'refreshWished', at: NOW, by: 'person', rejectedVersion: 0, adoptOnly: false },
    { type: 'refreshStarted', at: NOW },
  );
  expect(after(started, transient(started)).status).toBe('invalid');
});

test.each(['person', 'job'] as const)(
  'a wish of a %s from before, whose renewal had failed, causes no call once the credential is rejected',
  (by) => {
    const wished = after(
      connected({}, { facts: { refreshed: true } }),
      { type: 'refreshWished', at: NOW, by, rejectedVersion: 0, adoptOnly: false },
      { type: 'refreshStarted', at: NOW },
    );
    const waiting = after(
      wished,
      transient(wished),
      { type: 'verifyWished', at: NOW, by: 'job', requirements: [] },
      { type: 'verifyStarted', at: NOW },
    );
    const state = after(waiting, proven(waiting, false), { type: 'ticked', at: NOW });
    expect(state).toMatchObject({ status: 'invalid', refresh: { wish: null } });
    for (const at of MOMENTS) expect(nextWork(state, at)).toBeNull();
  },
);
