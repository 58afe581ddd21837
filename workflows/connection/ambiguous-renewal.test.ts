/** A renewal whose answer was lost: what is served meanwhile, when it is repeated, and what callers are told. */
import {
  after,
  connected,
  HOUR,
  MINUTE,
  NOW,
  renewing,
  refreshWished as wish,
} from '../../test/support/connection-states.js';
import type { ConnectionEvent } from './events.js';
import { leaseOf } from './lease-of.js';
import { servesOn } from './refreshing.js';
import type { ConnectionState } from './state.js';
import { nextDeadline } from './time.js';
import { wishForFresh } from './wish-for-fresh.js';
import { nextWork } from './work.js';

const ambiguous = (state: ConnectionState, sentAt = NOW): ConnectionEvent => ({
  type: 'refreshed',
  outcome: { kind: 'ambiguous', sentAt, at: sentAt, jitter: 0, version: state.refresh.underWay },
});

describe('an ambiguous renewal whose answer may still come', () => {
  const until = NOW + 2 * MINUTE;
  const awaited: ConnectionEvent = {
    type: 'refreshed',
    outcome: { kind: 'ambiguous', sentAt: NOW, repeatAt: until, at: NOW, jitter: 0, version: 2 },
  };
  const state = after(renewing(connected(), NOW, 1), awaited);
  test('is not repeated before, whoever asks', () => {
    expect(nextWork(state, until - 1)).toBeNull();
    expect(wishForFresh(state, { seenVersion: 1, by: 'job', rejected: true }, until - 1)).toBe('answer');
    for (const by of ['job', 'person', 'system'] as const)
      expect(nextWork(after(state, wish({ by, rejectedVersion: 1 })), until - 1)).toBeNull();
  });
  test('callers of the rejected token are told that moment, not the end of a token that is dead already', () => {
    expect(leaseOf(state)).toMatchObject({ kind: 'yes', refreshNotBefore: until });
    expect(leaseOf(after(state, wish({ rejectedVersion: 1 })))).toMatchObject({ kind: 'yes', refreshNotBefore: until });
  });
  test('a token that is found rejected only then is renewed at that moment too, and its callers are told it', () => {
    const spared = renewing(connected(), NOW);
    const sparing = after(spared, awaited);
    expect(leaseOf(sparing)).toMatchObject({ kind: 'yes', refreshNotBefore: NOW + HOUR - 30_000 });
    expect(wishForFresh(sparing, { seenVersion: 1, by: 'job', rejected: true }, NOW)).toBe('remember');
    const rejected = after(sparing, wish({ rejectedVersion: 1 }));
    expect(leaseOf(rejected)).toMatchObject({ kind: 'yes', refreshNotBefore: until });
    expect(nextDeadline(rejected, NOW)).toBe(until);
    expect(nextWork(rejected, until)).toEqual({ kind: 'refresh' });
  });
  test('its late answer is looked for at once: nobody waits for what is there', () => {
    const late = { type: 'lateAnswer', at: NOW + 1_000, version: 2 } as const;
    expect(nextWork(after(state, { ...late, atOnce: true }), NOW + 1_000)).toEqual({ kind: 'refresh' });
    // A run of an older build waits, as its history says.
    expect(nextWork(after(state, late), NOW + 1_000)).toBeNull();
  });
  test('a repeat that fails keeps its pause, although the token is rejected', () => {
    const again = after(
      state,
      { type: 'refreshStarted', at: until },
      {
        type: 'refreshed',
        outcome: { kind: 'transient', code: 'token_endpoint_unavailable', at: until, jitter: 1, version: 3 },
      },
    );
    expect(again.refresh).toMatchObject({ failures: 2, notBefore: until + 2_000, wish: { rejectedVersion: 1 } });
    expect(nextWork(again, until + 1_999)).toBeNull();
    expect(nextDeadline(again, until)).toBe(until + 2_000);
    expect(nextWork(again, until + 2_000)).toEqual({ kind: 'refresh' });
    // Jobs that report it once more do not shorten the pause; a person does.
    expect(wishForFresh(again, { seenVersion: 1, by: 'job', rejected: true }, until)).toBe('answer');
    expect(nextWork(after(again, wish({ at: until, rejectedVersion: 1 })), until + 1_999)).toBeNull();
    expect(nextWork(after(again, wish({ at: until, by: 'person' })), until)).toEqual({ kind: 'refresh' });
  });
  test('is repeated then by itself, because its token was rejected', () => {
    expect(nextWork(state, until)).toEqual({ kind: 'refresh' });
    expect(servesOn(state, until)).toBe(false);
  });
  test.each([
    ['known to be rejected', state],
    ['spared until then', after(renewing(connected(), NOW), awaited)],
  ])(
    'a verification of a token %s that is refused meanwhile ends, and leaves the renewal to that moment',
    (_, before) => {
      const asked = after(
        before,
        { type: 'verifyWished', at: NOW, by: 'person', requirements: [] },
        { type: 'verifyStarted', at: NOW },
        {
          type: 'verified',
          outcome: { kind: 'answered', accepted: false, missing: [], satisfied: [], at: NOW, jitter: 0, version: 1 },
        },
      );
      expect(asked).toMatchObject({
        status: 'degraded',
        verify: { wish: null, trouble: { code: 'renewal_ambiguous' } },
      });
      expect(leaseOf(asked)).toMatchObject({ kind: 'yes', refreshNotBefore: until });
      expect(nextWork(asked, until - 1)).toBeNull();
      expect(nextWork(asked, until)).toEqual({ kind: 'refresh' });
    },
  );
});

describe('an ambiguous renewal', () => {
  test('serves on and is repeated near the end of the token, not before', () => {
    const started = renewing(connected());
    const state = after(started, ambiguous(started));
    expect(state).toMatchObject({
      status: 'degraded',
      reason: { code: 'renewal_ambiguous' },
      refresh: { ambiguous: { version: 2, at: NOW } },
    });
    const due = NOW + HOUR - 30_000;
    expect(nextDeadline(state, NOW)).toBe(due);
    expect(nextWork(state, due - 1)).toBeNull();
    expect(nextWork(state, due)).toEqual({ kind: 'refresh' });
    // At that moment the token no longer counts as one to be spared, else the repeat would only wait again.
    expect(servesOn(state, due)).toBe(false);
    expect(servesOn(state, due - 1)).toBe(true);
  });

  test('with a rejected token there is nothing to spare: repeated at once', () => {
    const started = renewing(connected());
    const state = after(started, ambiguous(started));
    expect(wishForFresh(state, { seenVersion: 1, by: 'job', rejected: true }, NOW)).toBe('refresh');
    const wished = after(state, wish({ rejectedVersion: 1 }));
    expect(nextWork(wished, NOW)).toEqual({ kind: 'refresh' });
    expect(servesOn(wished, NOW)).toBe(false);
  });

  test('of a rejected token, with no answer to wait for: repeated by itself after a pause that grows, which callers are told', () => {
    let state = renewing(connected(), NOW, 1);
    for (const [round, pause] of [1_000, 2_000, 4_000].entries()) {
      const at = state.refresh.notBefore === 0 ? NOW : state.refresh.notBefore;
      if (round > 0) state = after(state, { type: 'refreshStarted', at });
      const version = state.refresh.underWay;
      const outcome = { kind: 'ambiguous', rejectedIsRepeated: true, sentAt: at, at, jitter: 1, version } as const;
      state = after(state, { type: 'refreshed', outcome });
      expect(leaseOf(state)).toMatchObject({ kind: 'yes', refreshNotBefore: at + pause });
      expect(nextWork(state, at + pause - 1)).toBeNull();
      expect(nextWork(state, at + pause)).toEqual({ kind: 'refresh' });
      expect(nextWork(after(state, wish({ at, rejectedVersion: 1 })), at + pause - 1)).toBeNull();
      expect(nextWork(after(state, wish({ at, by: 'person' })), at)).toEqual({ kind: 'refresh' });
    }
  });

  test('of a rejected token in a run of an older build: only when asked, as its history says', () => {
    const started = renewing(connected(), NOW, 1);
    const state = after(started, ambiguous(started));
    expect(nextWork(state, NOW + MINUTE)).toBeNull();
    expect(wishForFresh(state, { seenVersion: 1, by: 'job', rejected: true }, NOW)).toBe('refresh');
  });

  test('where the end is unknown it is repeated after an hour, and really then', () => {
    const endless = connected({}, { facts: { accessExpiresAt: null } });
    const started = renewing(endless);
    const state = after(started, ambiguous(started));
    expect(nextWork(state, NOW + HOUR - 1)).toBeNull();
    expect(nextWork(state, NOW + HOUR)).toEqual({ kind: 'refresh' });
    expect(servesOn(state, NOW + HOUR)).toBe(false);
  });
});
