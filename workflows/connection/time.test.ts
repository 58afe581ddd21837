/** What time alone does: deadlines, proactive renewal, keep-alive, the ends of tokens and candidates, the forecast. */
import {
  after,
  connected,
  DAY,
  draft,
  HOUR,
  MINUTE,
  NOW,
  rejected,
  renewed,
  renewing,
  revoked,
  STATES,
  transient,
} from '../../test/support/connection-states.js';
import type { ConnectionState } from './state.js';
import { IN_USE_MS, nextDeadline, renewalDueAt } from './time.js';
import { forecastOf } from './view-of.js';
import { nextWork } from './work.js';

const used = (state: ConnectionState, at: number): ConnectionState => after(state, { type: 'used', at });
const idle = (): ConnectionState => ({ ...connected(), usedAt: NOW - IN_USE_MS - 1 });

test.each(Object.entries({ draft, revoked, rejected, deleted: STATES.deleted, disconnected: STATES.disconnected }))(
  '%s keeps no timer once its credentials are destroyed',
  (_name, make) => {
    const state = { ...make(), retired: [] };
    expect(nextDeadline(state, NOW)).toBeNull();
    expect(nextDeadline(after(state, { type: 'used', at: NOW }), NOW + 100 * DAY)).toBeNull();
  },
);

test('in use: renewed ahead of the end, within the margin, at another moment for another connection', () => {
  const due = (connectionId: string) => renewalDueAt({ ...used(connected(), NOW), connectionId }, NOW)!;
  const moments = ['con_7k2m', 'con_aq0x', 'con_m3cc', 'con_zz91'].map(due);
  for (const moment of moments) {
    expect(moment).toBeGreaterThanOrEqual(NOW + HOUR - 5 * MINUTE);
    expect(moment).toBeLessThan(NOW + HOUR - 3 * MINUTE);
  }
  expect(new Set(moments).size).toBe(moments.length);
  expect(nextDeadline(used(connected(), NOW), NOW)).toBe(renewalDueAt(used(connected(), NOW), NOW));
});

test('in use: a renewed token is never due before the one that it replaced, so the running timer is left alone', () => {
  let state = used(connected(), NOW);
  for (let at = NOW + 1; at < NOW + 40; at += 1) {
    const before = nextDeadline(state, at)!;
    const begun = renewing(state, at);
    state = after(begun, renewed(begun, at, { accessExpiresAt: at + HOUR }));
    expect(state.credential?.obtainedAt).toBe(at);
    expect(nextDeadline(state, at)).toBeGreaterThanOrEqual(before);
  }
});

test('a margin longer than a third of a short life takes a third at most', () => {
  const state = used(connected({}, { facts: { accessExpiresAt: NOW + 6 * MINUTE } }), NOW);
  expect(renewalDueAt(state, NOW)).toBeGreaterThanOrEqual(NOW + 4 * MINUTE);
});

test('idle: it sleeps until its refresh token would die of idleness', () => {
  const due = NOW + 0.8 * 30 * DAY;
  expect(nextDeadline(idle(), NOW)).toBe(due);
  expect(nextWork(idle(), due - 1)).toBeNull();
  expect(nextWork(idle(), due)).toEqual({ kind: 'refresh' });
});

test('idle, with a refresh token that does not die of idleness: no timer at all', () => {
  const state = { ...connected({}, { facts: { refreshExpiresAt: null } }), usedAt: NOW - IN_USE_MS - 1 };
  expect(nextDeadline(state, NOW)).toBeNull();
});

test('no `expires_in`: not renewed by time while in use', () => {
  const state = used(connected({}, { facts: { accessExpiresAt: null, refreshExpiresAt: null } }), NOW);
  expect(nextDeadline(state, NOW)).toBeNull();
});

test('a failing renewal is due when its pause is over, not before', () => {
  const started = renewing(connected());
  const state = after(started, transient(started));
  expect(nextDeadline(state, NOW)).toBe(state.refresh.notBefore);
});

test('a token without a refresh token ends the connection at its end, not before', () => {
  const state = connected({}, { facts: { hasRefreshToken: false, refreshExpiresAt: null } });
  expect(nextDeadline(state, NOW)).toBe(NOW + HOUR);
  expect(after(state, { type: 'ticked', at: NOW + HOUR - 1 })).toBe(state);
  expect(after(state, { type: 'ticked', at: NOW + HOUR })).toMatchObject({
    status: 'invalid',
    reason: { code: 'no_refresh_token' },
  });
});

test('every deadline is a moment at which there is work or a change: the loop cannot spin', () => {
  const states = [...Object.values(STATES).map((make) => make()), idle(), used(connected(), NOW)];
  for (const start of states) {
    for (let state = { ...start, retired: [] }, at = NOW, round = 0; round < 5; round += 1) {
      const deadline = nextDeadline(state, at);
      if (deadline === null) break;
      expect(deadline).toBeGreaterThan(at);
      const ticked = after(state, { type: 'ticked', at: deadline });
      expect(nextWork(ticked, deadline) !== null || ticked !== state).toBe(true);
      if (nextWork(ticked, deadline) !== null) break;
      state = { ...ticked, retired: [] };
      at = deadline;
    }
  }
});

describe('the forecast', () => {
  test('names what dies first', () => {
    expect(forecastOf(connected())).toMatchObject({ accessTokenEnds: NOW + HOUR, grantEnds: NOW + 30 * DAY });
    expect(forecastOf(connected({ grantLifetimeMs: 10 * DAY }))).toMatchObject({ grantEnds: NOW + 10 * DAY });
    expect(forecastOf(draft())).toMatchObject({ accessTokenEnds: null, grantEnds: null, nextRefreshAt: null });
  });

  test('an absolute life counts from the consent, not from the last renewal', () => {
    const state = connected({ grantLifetimeMs: 10 * DAY });
    const moved = {
      ...state,
      credential: { ...state.credential!, obtainedAt: NOW + 9 * DAY, refreshExpiresAt: NOW + 39 * DAY },
    };
    expect(forecastOf(moved).grantEnds).toBe(NOW + 10 * DAY);
  });

  test('promises no renewal of a dead grant', () => {
    expect(forecastOf(revoked()).nextRefreshAt).toBeNull();
    expect(forecastOf(revoked()).text).toMatch(/Nothing is renewed|There is no credential/);
    const invalid = { ...connected(), status: 'invalid' as const };
    expect(forecastOf(invalid).text).toMatch(/Nothing is renewed any more/);
  });
});
