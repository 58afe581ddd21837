/** Disconnect and delete, also in the middle of other work: what comes late is given up, never served. */
import {
  after,
  connected,
  DAY,
  exchanging,
  granted,
  HOUR,
  NOW,
  renewed,
  renewing,
  transient,
  dead,
} from '../../test/support/connection-states.js';
import type { ConnectionEvent } from './events.js';
import { leaseOf } from './lease-of.js';
import { SETTLE_MS } from './retiring.js';
import type { ConnectionState } from './state.js';
import { nextDeadline } from './time.js';
import { nextWork } from './work.js';

const GIVE_UP = { disconnected: 'disconnectAsked', deleted: 'deleteAsked' } as const;

describe.each(Object.entries(GIVE_UP))('%s', (status, type) => {
  const event = { type, at: NOW, by: 'person' } as ConnectionEvent;
  const code = status === 'deleted' ? 'connection_deleted' : 'connection_disconnected';

  test('no lease from that moment, revoked at once, identity and settings kept, "done" after L + R', () => {
    const state = after(connected(), event);
    expect(leaseOf(state)).toMatchObject({ kind: 'no', code });
    expect(nextWork(state, NOW)).toMatchObject({
      kind: 'retire',
      retired: { fromVersion: 1, toVersion: 1, revoke: true },
    });
    expect(state).toMatchObject({
      status,
      credential: null,
      settledAt: NOW + SETTLE_MS,
      grant: { account: { id: 'user-1' } },
    });
  });

  test('during a renewal: what it brings is revoked and destroyed', () => {
    const under = after(renewing(connected()), event);
    const state = after(under, renewed(under));
    expect(state).toMatchObject({ status, credential: null });
    expect(state.retired.map(({ fromVersion, toVersion, revoke }) => [fromVersion, toVersion, revoke])).toEqual([
      [1, 1, true],
      [2, 2, true],
    ]);
  });

  test.each([
    ['transient', transient],
    ['dead', dead],
  ] as const)('during a renewal that ends %s: nothing of it stays', (_name, make) => {
    const under = after(renewing(connected()), event);
    const state = after(under, make(under));
    expect(state).toMatchObject({
      status,
      reason: { code },
      refresh: { failures: 0, notBefore: 0, dead: null, underWay: 0 },
    });
  });

  test('a late answer that is found afterwards is given up too', () => {
    const lost = after(renewing(connected()), event);
    const ended = after(lost, transient(lost), {
      type: 'refreshWished',
      at: NOW,
      by: 'system',
      rejectedVersion: 0,
      adoptOnly: true,
    });
    expect(nextWork(ended, NOW)).toEqual({ kind: 'refresh' });
    const looking = after(ended, { type: 'refreshStarted', at: NOW });
    const state = after(looking, renewed(looking));
    expect(state.credential).toBeNull();
    expect(state.retired).toContainEqual(expect.objectContaining({ fromVersion: 2, toVersion: 2, revoke: true }));
  });

  test('gives a waiting candidate up as well, and says so', () => {
    const asked = exchanging(connected(), 'att_2');
    const waiting = after(asked, granted(asked, { grant: { account: { id: 'user-2', label: 'bob' } } }));
    const state = after(waiting, event);
    expect(state.candidate).toBeNull();
    expect(state.retired.map(({ toVersion }) => toVersion)).toEqual([2, 1]);
    expect(state.announcements.flatMap(({ closeAttempts }) => closeAttempts)).toContainEqual(
      expect.objectContaining({ attemptId: 'att_2', code: 'candidate_refused' }),
    );
  });

  test('twice is once', () => {
    const state = after(connected(), event);
    expect(after(state, event)).toBe(state);
  });
});

test('deleted is stronger than disconnected, and disconnecting what is deleted changes nothing', () => {
  const gone = after(
    connected(),
    { type: 'disconnectAsked', at: NOW, by: 'person' },
    { type: 'deleteAsked', at: NOW, by: 'person' },
  );
  expect(gone.status).toBe('deleted');
  expect(after(gone, { type: 'disconnectAsked', at: NOW, by: 'person' })).toBe(gone);
});

test('a revocation that fails is repeated with growing pauses for a day, then the credential is destroyed', () => {
  let state: ConnectionState = after(connected(), { type: 'disconnectAsked', at: NOW, by: 'person' });
  let at = NOW;
  const pauses: number[] = [];
  while (at < NOW + DAY) {
    expect(nextWork(state, at)).toMatchObject({ kind: 'retire' });
    state = after(state, { type: 'retired', outcome: { kind: 'repeat', fromVersion: 1, toVersion: 1, at, jitter: 0 } });
    expect(nextWork(state, at)).toBeNull();
    const next = nextDeadline(state, at)!;
    pauses.push(next - at);
    at = next;
  }
  expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
  expect(pauses.at(-1)).toBeGreaterThan(HOUR / 2);
  expect(state.retired[0]!.until).toBe(NOW + DAY);
  const done = after(state, {
    type: 'retired',
    outcome: { kind: 'destroyed', fromVersion: 1, toVersion: 1, at, jitter: 0 },
  });
  expect(done.retired).toEqual([]);
  expect(nextDeadline(done, at)).toBeNull();
});

describe('an app that revokes for a living access token only', () => {
  const given = after(connected({ reuse: 'rejected' }), { type: 'disconnectAsked', at: NOW, by: 'person' });
  const stamp = { at: NOW, jitter: 0, fromVersion: 1, toVersion: 1 };

  test('its renewal gets a version of its own before it goes out, and no number twice', () => {
    const state = after(given, { type: 'retired', outcome: { ...stamp, kind: 'renew' } });
    expect(state.retired).toMatchObject([{ fromVersion: 1, toVersion: 1, renewals: [2] }]);
    expect(state.nextVersion).toBe(3);
    expect(nextWork(state, NOW)).toMatchObject({ kind: 'retire', retired: { renewals: [2] } });
  });

  test('what could not be revoked is said, and ends all the same', () => {
    const state = after(given, { type: 'retired', outcome: { ...stamp, kind: 'destroyed', unrevoked: true } });
    expect(state.retired).toEqual([]);
    expect(state.reason).toMatchObject({
      code: 'connection_disconnected',
      evidence: { appCode: 'revocation_unknown' },
    });
  });
});
