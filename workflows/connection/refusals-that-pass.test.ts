/** Refusals at a renewal that are no end of the grant: what is shown, when it is repeated, and that it is. */
import { ERROR_CODES, errorClass, type ErrorCode } from '#domain/errors.js';
import { after, connected, HOUR, MINUTE, NOW, renewed, renewing, told } from '../../test/support/connection-states.js';
import type { RefreshOutcome } from './activities.js';
import { leaseOf } from './lease-of.js';
import type { ConnectionState } from './state.js';
import { nextDeadline } from './time.js';
import { nextStepOf } from './view-of.js';
import { nextWork } from './work.js';

const evidence = { at: NOW, status: 400, appCode: 'said_word', appMessage: 'said in the words of the app' };
const CODES = ['network_refused', 'outside_login_hours', 'login_restricted', 'app_blocked', 'renewal_refused'] as const;

function ended(state: ConnectionState, outcome: object, at: number): ConnectionState {
  const whole = { at, jitter: 0, version: state.refresh.underWay, ...outcome } as RefreshOutcome;
  return after(state, { type: 'refreshed', outcome: whole });
}

test.each(CODES)('g21 g24: %s: the grant is kept, the words are shown, and it is repeated until it works', (code) => {
  let state = connected({}, { facts: { accessExpiresAt: null, refreshExpiresAt: null } });
  let at = NOW;
  state = renewing(state, at, 1);
  for (let round = 0; round < 50; round += 1) {
    state = told(ended(state, { kind: 'operator', code, evidence }, at));
    expect(state).toMatchObject({ status: 'degraded', reason: { code, evidence } });
    expect(leaseOf(state)).toMatchObject({ kind: 'yes', trouble: code });
    expect(nextStepOf(state)).toBe(ERROR_CODES[code].text);
    expect(nextWork(state, at)).toBeNull();
    const due = nextDeadline(state, at)!;
    expect(due - at).toBeGreaterThanOrEqual(30_000);
    expect(due - at).toBeLessThanOrEqual(90_000);
    at = due;
    expect(nextWork(state, at)).toEqual({ kind: 'refresh' });
    state = after(state, { type: 'refreshStarted', at });
  }
  state = after(state, renewed(state, at));
  expect(state).toMatchObject({ status: 'connected', reason: null });
});

test.each(CODES)('g21 g24: %s waits for an operator, and asks nobody to reconnect', (code) => {
  expect(errorClass(code as ErrorCode)).toBe('wait_for_operator');
  expect(ERROR_CODES[code].text).toMatch(/nobody needs to reconnect/);
});

test('g21: busy is repeated in seconds, however often; the first times nobody is told', () => {
  let at = NOW + HOUR;
  let state = renewing(connected(), at, 1);
  const began = at;
  for (let round = 0; round < 20; round += 1) {
    state = ended(state, { kind: 'transient', code: 'connection_busy', retryAfterMs: 2_000, evidence }, at);
    expect(state.status).toBe(round < 3 ? 'connected' : 'degraded');
    const due = nextDeadline(state, at)!;
    expect(due - at).toBeGreaterThanOrEqual(2_000);
    expect(due - at).toBeLessThanOrEqual(30_000);
    at = due;
    state = after(state, { type: 'refreshStarted', at });
  }
  expect(at - began).toBeLessThan(10 * MINUTE);
  state = after(state, renewed(state, at, { accessExpiresAt: at + HOUR }));
  expect(state.status).toBe('connected');
});
