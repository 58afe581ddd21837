/** Late answers of calls that spend something else than the grant in force: what they bring is revoked, whenever it comes. */
import {
  after,
  connected,
  draft,
  exchanging,
  granted,
  MINUTE,
  NOW,
  told,
} from '../../test/support/connection-states.js';
import type { ConnectionEvent } from './events.js';
import type { ConnectionState } from './state.js';
import { nextDeadline } from './time.js';
import { nextWork } from './work.js';

const UNTIL = NOW + MINUTE;

const lost = (state: ConnectionState): ConnectionEvent => ({
  type: 'exchanged',
  version: state.attempt?.version ?? 1,
  outcome: {
    kind: 'failed',
    code: 'exchange_lost',
    at: NOW,
    jitter: 0,
    attemptId: state.attempt?.attemptId ?? 'att_9',
    stored: false,
    awaitedUntil: UNTIL,
  },
});
const late = (version: number, at = NOW + 1_000): ConnectionEvent => ({
  type: 'lateAnswer',
  at,
  version,
  attemptId: 'att_9',
});

/** The exchange of `att_9` was called lost; its first try may still bring tokens. */
function exchangeLost(start = draft()): { state: ConnectionState; version: number } {
  const asked = exchanging(start, 'att_9');
  return { state: told(after(asked, lost(asked))), version: asked.attempt!.version };
}

test.each([
  ['a first authorization', draft],
  ['a reconnect', connected],
])('g09: %s: tokens that come late are revoked at once', (_name, start) => {
  const { state, version } = exchangeLost(start());
  expect(state).toMatchObject({ status: start().status, lastAttempt: { code: 'exchange_lost' } });
  expect(state.retired).toMatchObject([{ fromVersion: version, toVersion: version, revoke: true, notBefore: UNTIL }]);
  expect(nextWork(state, NOW)?.kind).not.toBe('retire');
  const came = after(state, late(version));
  expect(nextWork(came, NOW + 1_000)).toMatchObject({ kind: 'retire', retired: { fromVersion: version } });
  expect(came.credential).toEqual(state.credential);
});

test('g09: without a signal the vault is looked into when no answer can come any more', () => {
  const { state, version } = exchangeLost();
  expect(nextDeadline(state, NOW)).toBe(UNTIL);
  expect(nextWork(state, UNTIL)).toMatchObject({ kind: 'retire', retired: { fromVersion: version, revoke: true } });
});

test('g09: later than that, and after a disconnect or a delete, they are revoked too', () => {
  const { state, version } = exchangeLost(connected());
  const looked = { ...state, retired: [] };
  for (const type of ['disconnectAsked', 'deleteAsked'] as const) {
    const left = after(looked, { type, at: NOW, by: 'person' });
    const came = after({ ...left, retired: [] }, late(version));
    expect(came.retired).toMatchObject([{ fromVersion: version, toVersion: version, revoke: true }]);
  }
  const waiting = after(state, { type: 'disconnectAsked', at: NOW, by: 'person' });
  expect(waiting.retired.filter((entry) => entry.fromVersion === version)).toHaveLength(1);
});

test('g09: an attempt that was superseded while its code was out: the same', () => {
  const asked = exchanging(connected(), 'att_9');
  const version = asked.attempt!.version;
  const event = lost(asked);
  const newer = after(asked, { type: 'authorizeAsked', at: NOW, attemptId: 'att_10', expiresAt: UNTIL, by: 'person' });
  const state = after(newer, event);
  expect(state.attempt).toMatchObject({ attemptId: 'att_10', phase: 'open' });
  expect(after(state, late(version)).retired).toMatchObject([{ fromVersion: version, revoke: true }]);
});

test('g09: a late answer to a renewal for a revocation is revoked, with its entry or after it', () => {
  const base = connected();
  const entry = { fromVersion: 1, toVersion: 1, revoke: true, notBefore: UNTIL, until: UNTIL, tries: 2, renewals: [4] };
  const state = { ...base, nextVersion: 6, retired: [entry] };
  expect(after(state, late(4)).retired).toMatchObject([{ fromVersion: 1, notBefore: NOW + 1_000 }]);
  expect(after({ ...state, retired: [] }, late(4)).retired).toMatchObject([{ fromVersion: 4, revoke: true }]);
});

test('g09: what is in force, a candidate, or the exchange under way is left alone; numbers that nobody allotted too', () => {
  const asked = exchanging(connected(), 'att_9');
  expect(after(asked, late(asked.attempt!.version))).toBe(asked);
  const waiting = after(asked, granted(asked, { grant: { account: { id: 'user-2', label: 'bob' } } }));
  expect(waiting.candidate).not.toBeNull();
  expect(after(waiting, late(waiting.candidate!.facts.version))).toBe(waiting);
  for (const version of [1, 0, -1e9, 0.5, 99, Number.NaN])
    expect(after(connected(), late(version)).retired).toEqual([]);
});

test('g09: outcomes of older workers, without a moment, change nothing more than before', () => {
  const asked = exchanging(draft(), 'att_9');
  const event = lost(asked) as Extract<ConnectionEvent, { type: 'exchanged' }>;
  const { awaitedUntil: _, ...older } = event.outcome as never as { awaitedUntil: number };
  expect(after(asked, { ...event, outcome: older as never }).retired).toEqual([]);
});
