/** Every (status, event) pair: where it leads, what it must not touch, and that the state stays plain JSON. */
import type { ConnectionStatus } from '#domain/lease.js';
import {
  after,
  connected,
  exchanging,
  factsOf,
  grantOf,
  granted,
  NOW,
  renewing,
  STATES,
  told,
} from '../../test/support/connection-states.js';
import type { ConnectionEvent } from './events.js';
import { leaseOf } from './lease-of.js';
import type { ConnectionState } from './state.js';
import { transition } from './transition.js';
import { viewOf } from './view-of.js';
import { nextWork } from './work.js';

const STATUSES = Object.keys(STATES) as ConnectionStatus[];
const later = NOW + 10_000;
const stamp = { at: later, jitter: 0.5 };

/** An event made for a state: outcomes carry the numbers that the actor would give them there. */
type Make = (state: ConnectionState) => ConnectionEvent;

const version = (state: ConnectionState): number => state.credential?.version ?? 1;
const underWay = (state: ConnectionState): number => state.refresh.underWay;
const facts = (state: ConnectionState, number: number) =>
  factsOf({ version: number, grantId: state.grant?.grantId ?? 'att_1', refreshed: true });

const EVENTS: Record<string, Make> = {
  authorizeAsked: () => ({
    type: 'authorizeAsked',
    at: later,
    attemptId: 'att_new',
    expiresAt: later + 60_000,
    by: 'person',
  }),
  authorizeRequested: () => ({ type: 'authorizeRequested', at: later }),
  'attemptAnswered (unknown)': () => ({ type: 'attemptAnswered', at: later, attemptId: 'att_other' }),
  'attemptCancelled (unknown)': () => ({ type: 'attemptCancelled', at: later, attemptId: 'att_other' }),
  'attemptChecked (unknown)': () => ({ type: 'attemptChecked', at: later, attemptId: 'att_other', answered: false }),
  'exchangeStarted (no attempt)': () => ({ type: 'exchangeStarted', at: later }),
  'exchanged (no attempt, failed)': () => ({
    type: 'exchanged',
    version: 9,
    outcome: { kind: 'failed', code: 'code_rejected', stored: false, attemptId: 'att_other', ...stamp },
  }),
  'exchanged (no attempt, granted)': () => ({
    type: 'exchanged',
    version: 9,
    outcome: {
      kind: 'granted',
      grant: grantOf({ grantId: 'att_other' }),
      facts: factsOf({ version: 9, grantId: 'att_other' }),
      missing: [],
      satisfied: [],
      attemptId: 'att_other',
      ...stamp,
    },
  }),
  'candidateDecided (none)': () => ({ type: 'candidateDecided', at: later, attemptId: 'att_other', accept: true }),
  'refreshWished (job)': () => ({ type: 'refreshWished', at: later, by: 'job', rejectedVersion: 0, adoptOnly: false }),
  'refreshWished (person)': () => ({
    type: 'refreshWished',
    at: later,
    by: 'person',
    rejectedVersion: 0,
    adoptOnly: false,
  }),
  'refreshWished (adopt)': () => ({
    type: 'refreshWished',
    at: later,
    by: 'system',
    rejectedVersion: 0,
    adoptOnly: true,
  }),
  lateAnswer: (state) => ({ type: 'lateAnswer', at: later, version: state.nextVersion }),
  refreshStarted: () => ({ type: 'refreshStarted', at: later }),
  'refreshed (renewed)': (state) => ({
    type: 'refreshed',
    outcome: {
      kind: 'renewed',
      adopted: false,
      destroyedBelow: null,
      facts: facts(state, underWay(state)),
      version: underWay(state),
      ...stamp,
    },
  }),
  'refreshed (nothing)': (state) => ({
    type: 'refreshed',
    outcome: { kind: 'nothing', version: underWay(state), ...stamp },
  }),
  'refreshed (transient)': (state) => ({
    type: 'refreshed',
    outcome: { kind: 'transient', code: 'token_endpoint_unavailable', version: underWay(state), ...stamp },
  }),
  'refreshed (operator)': (state) => ({
    type: 'refreshed',
    outcome: { kind: 'operator', code: 'client_rejected', version: underWay(state), ...stamp },
  }),
  'refreshed (ambiguous)': (state) => ({
    type: 'refreshed',
    outcome: { kind: 'ambiguous', sentAt: later, version: underWay(state), ...stamp },
  }),
  'refreshed (dead)': (state) => ({
    type: 'refreshed',
    outcome: { kind: 'dead', code: 'grant_revoked', version: underWay(state), ...stamp },
  }),
  'verifyWished (job)': () => ({ type: 'verifyWished', at: later, by: 'job', requirements: ['a:read'] }),
  'verifyWished (person)': () => ({ type: 'verifyWished', at: later, by: 'person', requirements: [] }),
  verifyStarted: () => ({ type: 'verifyStarted', at: later }),
  'verified (accepted)': (state) => ({
    type: 'verified',
    outcome: {
      kind: 'answered',
      accepted: true,
      missing: [],
      satisfied: ['a:read'],
      version: version(state),
      ...stamp,
    },
  }),
  'verified (rejected, renewable)': (state) => ({
    type: 'verified',
    outcome: { kind: 'answered', accepted: false, missing: [], satisfied: [], version: version(state), ...stamp },
  }),
  'verified (unanswered)': (state) => ({
    type: 'verified',
    outcome: { kind: 'unanswered', code: 'app_unavailable', version: version(state), ...stamp },
  }),
  used: () => ({ type: 'used', at: later }),
  disconnectAsked: () => ({ type: 'disconnectAsked', at: later, by: 'person' }),
  deleteAsked: () => ({ type: 'deleteAsked', at: later, by: 'person' }),
  'retired (destroyed)': () => ({
    type: 'retired',
    outcome: { kind: 'destroyed', fromVersion: 1, toVersion: 1, ...stamp },
  }),
  'retired (repeat)': () => ({ type: 'retired', outcome: { kind: 'repeat', fromVersion: 1, toVersion: 1, ...stamp } }),
  reconfigured: () => ({ type: 'reconfigured', at: later, name: 'New name' }),
  announced: () => ({ type: 'announced', at: later, sequence: 99 }),
  'reconciled (as known)': (state) => ({
    type: 'reconciled',
    outcome: { at: later, newest: state.credential, highest: state.nextVersion - 1 },
  }),
  'reconciled (vault empty)': (state) => ({
    type: 'reconciled',
    outcome: { at: later, newest: null, highest: state.nextVersion - 1 },
  }),
  resetSeen: ({ revision }) => ({ type: 'resetSeen', revision }),
  ticked: () => ({ type: 'ticked', at: later }),
};

type Row = Partial<Record<ConnectionStatus, ConnectionStatus>>;

/** Where an event leads; a status that is not named is kept. */
const LEADS: Record<string, Row> = {
  'refreshed (renewed)': { degraded: 'connected', invalid: 'connected' },
  'refreshed (transient)': { connected: 'degraded' },
  'refreshed (operator)': { connected: 'degraded' },
  'refreshed (ambiguous)': { connected: 'degraded' },
  'refreshed (dead)': { connected: 'degraded' },
  'verified (accepted)': { invalid: 'degraded' },
  disconnectAsked: {
    draft: 'disconnected',
    connected: 'disconnected',
    degraded: 'disconnected',
    invalid: 'disconnected',
  },
  deleteAsked: {
    draft: 'deleted',
    connected: 'deleted',
    degraded: 'deleted',
    invalid: 'deleted',
    disconnected: 'deleted',
  },
  'reconciled (vault empty)': { connected: 'invalid', degraded: 'invalid' },
};

const pairs = Object.keys(EVENTS).flatMap((name) => STATUSES.map((status) => [name, status] as const));
/** Outcomes of a renewal come to a state whose renewal is under way. */
const prepared = (name: string, status: ConnectionStatus): ConnectionState =>
  name.startsWith('refreshed') ? after(STATES[status](), { type: 'refreshStarted', at: NOW }) : STATES[status]();
const make = (name: string, state: ConnectionState): ConnectionEvent => EVENTS[name]!(state);

describe.each(pairs)('%s in %s', (name, status) => {
  const before = prepared(name, status);
  const event = make(name, before);
  const frozen = JSON.stringify(before);
  const next = transition(before, event);

  test(`leads to ${LEADS[name]?.[status] ?? status}`, () => {
    expect(next.status).toBe(LEADS[name]?.[status] ?? status);
  });

  test("keeps what is nobody else's: id, app, policy, birth; and never takes a number back", () => {
    const { workspaceId, connectionId, app, generation, v } = before;
    expect(next).toMatchObject({ workspaceId, connectionId, app, generation, v });
    expect(next.nextVersion).toBeGreaterThanOrEqual(before.nextVersion);
    expect(next.announcementCount).toBeGreaterThanOrEqual(before.announcementCount);
    expect(next.proofCount).toBeGreaterThanOrEqual(before.proofCount);
  });

  test('does not change the old state, and the new one survives JSON', () => {
    expect(JSON.stringify(before)).toBe(frozen);
    expect(JSON.parse(JSON.stringify(next))).toEqual(next);
    expect(transition(JSON.parse(frozen) as ConnectionState, event)).toEqual(next);
  });

  test('raises the revision by one exactly when something changed', () => {
    const changed = JSON.stringify({ ...next, revision: 0 }) !== JSON.stringify({ ...before, revision: 0 });
    expect(next.revision).toBe(before.revision + (changed ? 1 : 0));
  });

  test('tells of a change of status exactly once', () => {
    const said = next.announcements.filter(({ kind, from, to }) => kind === 'status' && from !== to);
    expect(said).toHaveLength(next.status === before.status ? 0 : 1);
  });

  test('lends only what is in force, and can be shown', () => {
    const lease = leaseOf(next);
    const usable = next.status === 'connected' || next.status === 'degraded';
    expect(lease.kind).toBe(usable ? 'yes' : 'no');
    if (lease.kind === 'yes') expect(lease.version).toBe(next.credential?.version);
    expect(JSON.parse(JSON.stringify(viewOf(next)))).toEqual(viewOf(next));
  });
});

test('no answer of a renewal or a verification resurrects what a person gave up', () => {
  for (const status of ['disconnected', 'deleted'] as const) {
    for (const name of Object.keys(EVENTS).filter((key) => /^(refreshed|verified|exchanged|reconciled)/.test(key))) {
      const before = prepared(name, status);
      const next = transition(before, make(name, before));
      expect([name, next.status, next.credential]).toEqual([name, status, null]);
    }
  }
});

test('a deleted connection is deleted for good: no attempt is opened on it', () => {
  const gone = STATES.deleted();
  const asked = transition(gone, make('authorizeAsked', gone));
  expect(asked).toBe(gone);
});

test('the same name of an announcement is told once', () => {
  const state = after(STATES.connected(), { type: 'deleteAsked', at: later, by: 'person' });
  expect(state.announcements.length).toBeGreaterThan(0);
  expect(told(state).announcements).toEqual([]);
});

test('no version is allotted twice: exchanges, renewals and rebuilt actors count on', () => {
  let state = connected();
  const given = [1];
  for (let round = 0; round < 3; round += 1) {
    state = renewing(state);
    given.push(state.refresh.underWay);
    state = exchanging(
      after(state, { type: 'refreshed', outcome: { kind: 'nothing', version: state.refresh.underWay, ...stamp } }),
      `att_${round + 2}`,
    );
    given.push(state.attempt!.version);
    state = after(state, granted(state));
  }
  expect(new Set(given).size).toBe(given.length);
  const rebuilt = after(
    { ...state, nextVersion: 2 },
    { type: 'reconciled', outcome: { at: later, newest: state.credential, highest: 40 } },
  );
  expect(rebuilt.nextVersion).toBe(41);
});

describe('g14: a run that an operator has reset', () => {
  const earlier = STATES.draft();
  const seen = after(earlier, { type: 'resetSeen', revision: earlier.revision });
  const outcome = (restored?: ConnectionState): ConnectionEvent => {
    const newest = restored?.credential ?? null;
    return { type: 'reconciled', outcome: { at: later, newest, highest: 7, ...(restored && { restored }) } };
  };

  test('compares itself with the store before anything else, through a roll-over too', () => {
    expect(nextWork(JSON.parse(JSON.stringify(seen)) as ConnectionState, later)).toEqual({ kind: 'reconcile' });
  });
  test('takes over what the store knows, one generation on', () => {
    const { generation, ...known } = STATES.connected();
    const next = transition(seen, outcome({ ...known, generation }));
    expect(next).toMatchObject({
      status: 'connected',
      generation: generation + 1,
      nextVersion: 8,
      unreconciled: false,
    });
    expect(next.reset).toBeUndefined();
  });
  test('keeps its own state where the store knows less, one generation on too', () => {
    const next = transition(seen, outcome());
    expect(next).toMatchObject({ status: 'draft', generation: earlier.generation + 1, nextVersion: 8 });
    expect(next.reset).toBeUndefined();
  });
});
