/** Promises 8 and 9: attempts and candidates stand beside the state; a reconnect is safe; the id and its history stay. */
import type { ErrorCode } from '#domain/errors.js';
import {
  after,
  connected,
  draft,
  exchanging,
  granted,
  HOUR,
  MINUTE,
  NOW,
  revoked,
  STATES,
} from '../../test/support/connection-states.js';
import type { ExchangeOutcome } from './activities.js';
import type { ConnectionEvent } from './events.js';
import { leaseOf } from './lease-of.js';
import type { ConnectionState } from './state.js';
import { nextDeadline } from './time.js';
import { viewOf } from './view-of.js';
import { nextWork } from './work.js';

const OTHER_USER = { account: { id: 'user-2', label: 'bob@example.org' } };
const OTHER_ORG = { instance: { id: 'org-2', url: 'https://two.example.org', label: 'Two' } };

/** The end of the exchange under way. */
function exchanged(
  state: ConnectionState,
  part:
    { kind: 'failed'; code: ErrorCode; stored: boolean } | { kind: 'repeat'; code: ErrorCode; retryAfterMs?: number },
  at = NOW,
): ConnectionEvent {
  const { attemptId, version } = state.attempt!;
  return { type: 'exchanged', version, outcome: { at, jitter: 0, attemptId, ...part } as ExchangeOutcome };
}
const asked = (attemptId: string, at = NOW): ConnectionEvent => ({
  type: 'authorizeAsked',
  at,
  attemptId,
  expiresAt: at + 15 * MINUTE,
  by: 'person',
});
const retiredVersions = (state: ConnectionState): number[][] =>
  state.retired.map(({ fromVersion, toVersion }) => [fromVersion, toVersion]);
const unchanged = (state: ConnectionState) => {
  const { status, since, reason, grant, credential, proof, refresh } = state;
  return { status, since, reason, grant, credential, proof, refresh, lease: leaseOf(state) };
};

/** A candidate of another user waits. */
function withCandidate(): ConnectionState {
  const under = exchanging(connected(), 'att_2');
  return after(under, granted(under, { grant: OTHER_USER }));
}

describe('an attempt', () => {
  test('leaves the old credential in force while consent is open', () => {
    const state = after(connected(), asked('att_2'));
    expect(unchanged(state)).toEqual(unchanged(connected()));
    expect(nextDeadline(state, NOW)).toBe(NOW + 15 * MINUTE);
  });

  test.each(['connected', 'degraded', 'invalid', 'disconnected', 'draft'] as const)(
    'that ends without a grant leaves %s as it was, with its reason shown',
    (status) => {
      const before = STATES[status]();
      const ends: [ErrorCode, (state: ConnectionState) => ConnectionState][] = [
        [
          'consent_denied',
          (state) => after(state, exchanged(state, { kind: 'failed', code: 'consent_denied', stored: false })),
        ],
        [
          'credential_rejected',
          (state) => after(state, exchanged(state, { kind: 'failed', code: 'credential_rejected', stored: true })),
        ],
        ['attempt_cancelled', (state) => after(state, { type: 'attemptCancelled', at: NOW, attemptId: 'att_2' })],
      ];
      for (const [code, end] of ends) {
        const state = end(exchanging(before, 'att_2'));
        expect(unchanged(state)).toEqual(unchanged(before));
        expect(state).toMatchObject({ attempt: null, lastAttempt: { attemptId: 'att_2', outcome: 'failed', code } });
        expect(state.announcements.at(-1)?.closeAttempts).toMatchObject([{ attemptId: 'att_2', code }]);
      }
    },
  );

  test('is looked up before it is given up: an answer whose signal was lost is found', () => {
    const state = after(connected(), asked('att_2'));
    const end = NOW + 15 * MINUTE;
    expect(nextWork(state, end - 1)).toBeNull();
    expect(nextWork(state, end)).toEqual({ kind: 'checkAttempt', attemptId: 'att_2' });
    const answered = after(state, { type: 'attemptChecked', at: end, attemptId: 'att_2', answered: true });
    expect(nextWork(answered, end)).toEqual({ kind: 'exchange', attemptId: 'att_2' });
    const late = after(state, { type: 'attemptChecked', at: end, attemptId: 'att_2', answered: false });
    expect(late).toMatchObject({ attempt: null, lastAttempt: { code: 'attempt_expired' } });
  });

  test('is asked for once: the same again, also after its end, changes nothing', () => {
    const state = after(connected(), asked('att_2'));
    expect(after(state, asked('att_2'))).toBe(state);
    const ended = after(state, { type: 'attemptCancelled', at: NOW, attemptId: 'att_2' });
    expect(after(ended, asked('att_2'))).toBe(ended);
  });

  test('supersedes an older one', () => {
    const state = after(connected(), asked('att_2'), asked('att_3'));
    expect(state).toMatchObject({
      attempt: { attemptId: 'att_3' },
      lastAttempt: { attemptId: 'att_2', code: 'attempt_superseded' },
    });
    expect(after(state, { type: 'attemptAnswered', at: NOW, attemptId: 'att_2' })).toBe(state);
  });

  test('whose exchange surely was not sent is repeated under the same number, a few times', () => {
    let state = exchanging(connected(), 'att_2');
    const { version } = state.attempt!;
    for (let round = 1; round < 5; round += 1) {
      state = after(state, exchanged(state, { kind: 'repeat', code: 'token_endpoint_unavailable' }));
      expect(nextWork(state, NOW)).toBeNull();
      const at = nextDeadline(state, NOW)!;
      expect(nextWork(state, at)).toEqual({ kind: 'exchange', attemptId: 'att_2' });
      state = after(state, { type: 'exchangeStarted', at });
      expect(state.attempt?.version).toBe(version);
    }
    const given = after(state, exchanged(state, { kind: 'repeat', code: 'app_unavailable' }));
    expect(given).toMatchObject({ attempt: null, lastAttempt: { outcome: 'failed', code: 'app_unavailable' } });
    // Its candidate may be stored and only its proof be missing: it must not stay behind, alive and unknown.
    expect(retiredVersions(given)).toEqual([[version, version]]);
  });
});

describe('what an attempt brought that is no longer the present one is given up, never served', () => {
  const ways: Record<string, ConnectionEvent> = {
    superseded: asked('att_3'),
    cancelled: { type: 'attemptCancelled', at: NOW, attemptId: 'att_2' },
    disconnected: { type: 'disconnectAsked', at: NOW, by: 'person' },
    deleted: { type: 'deleteAsked', at: NOW, by: 'person' },
  };

  test.each(Object.entries(ways))('%s during its exchange', (_name, event) => {
    const under = exchanging(connected(), 'att_2');
    const { version } = under.attempt!;
    const before = after(under, event);
    const outcomes = [
      granted(under),
      exchanged(under, { kind: 'failed', code: 'credential_rejected', stored: true }),
      exchanged(under, { kind: 'repeat', code: 'app_unavailable' }),
    ];
    for (const outcome of outcomes) {
      const state = after(before, outcome);
      expect(unchanged(state)).toEqual(unchanged(before));
      expect(state.retired).toContainEqual(
        expect.objectContaining({ fromVersion: version, toVersion: version, revoke: true }),
      );
      expect(
        state.retired.filter((entry) => entry.fromVersion === version && entry.toVersion === version),
      ).toHaveLength(1);
    }
    const nothing = after(before, exchanged(under, { kind: 'failed', code: 'consent_denied', stored: false }));
    expect(nothing.retired).toEqual(before.retired);
  });

  test.each(Object.entries(ways))(
    '%s between two tries of its exchange: its candidate may be stored',
    (_name, event) => {
      const under = exchanging(connected(), 'att_2');
      const { version } = under.attempt!;
      const state = after(under, exchanged(under, { kind: 'repeat', code: 'app_unavailable' }), event);
      expect(state.retired).toContainEqual(
        expect.objectContaining({ fromVersion: version, toVersion: version, revoke: true }),
      );
    },
  );
});

describe('a grant of the same account', () => {
  test('is swapped in: same id, next version, the old one given up as the connector says', () => {
    for (const revokeOldGrantAfterSwap of [true, false]) {
      const under = exchanging(connected({ revokeOldGrantAfterSwap }), 'att_2');
      const state = after(under, granted(under));
      expect(state).toMatchObject({
        connectionId: 'con_test',
        status: 'connected',
        credential: { version: 2 },
        grant: { grantId: 'att_2' },
        lastAttempt: { outcome: 'in_force' },
      });
      expect(state.retired).toMatchObject([{ fromVersion: 1, toVersion: 1, revoke: revokeOldGrantAfterSwap }]);
    }
  });

  test('brings an invalid connection back, wakes who waits, and clears what troubled the old grant', () => {
    const under = exchanging(revoked(), 'att_2');
    const state = after(under, granted(under));
    expect(state).toMatchObject({
      status: 'connected',
      reason: null,
      refresh: { dead: null, failures: 0, ambiguous: null, notBefore: 0 },
    });
    expect(state.announcements.find(({ kind }) => kind === 'status')).toMatchObject({
      to: 'connected',
      wakeConnection: true,
    });
  });

  test('puts an end to a waiting candidate: it is given up, not forgotten', () => {
    const waiting = withCandidate();
    const under = exchanging(waiting, 'att_3');
    const state = after(under, granted(under));
    expect(state).toMatchObject({
      candidate: null,
      credential: { version: under.attempt!.version },
      lastAttempt: { attemptId: 'att_3', outcome: 'in_force' },
    });
    expect(state.retired).toContainEqual(
      expect.objectContaining({ fromVersion: waiting.candidate!.facts.version, revoke: true }),
    );
    expect(state.announcements.flatMap(({ closeAttempts }) => closeAttempts)).toContainEqual(
      expect.objectContaining({ attemptId: 'att_2', code: 'candidate_refused' }),
    );
  });

  test('brings a disconnected connection back', () => {
    const under = exchanging(STATES.disconnected(), 'att_2');
    expect(after(under, granted(under))).toMatchObject({ status: 'connected', settledAt: null });
  });
});

describe('a grant of another user of the same instance', () => {
  test('waits for a person for an hour; the old one serves on', () => {
    const state = withCandidate();
    expect(leaseOf(state)).toEqual(leaseOf(connected()));
    expect(state).toMatchObject({
      candidate: { attemptId: 'att_2', expiresAt: NOW + HOUR },
      lastAttempt: { outcome: 'candidate', code: 'account_mismatch' },
    });
    expect(nextDeadline(state, NOW)).toBeLessThanOrEqual(NOW + HOUR);
  });

  test('accepted: in force, the old one given up', () => {
    const state = after(withCandidate(), { type: 'candidateDecided', at: NOW, attemptId: 'att_2', accept: true });
    expect(state).toMatchObject({
      status: 'connected',
      candidate: null,
      grant: { account: { id: 'user-2' } },
      credential: { version: 2 },
      lastAttempt: { outcome: 'in_force' },
    });
    expect(retiredVersions(state)).toEqual([[1, 1]]);
  });

  test.each([
    ['refused', { type: 'candidateDecided', at: NOW, attemptId: 'att_2', accept: false } as const],
    ['expired', { type: 'ticked', at: NOW + HOUR } as const],
  ])('%s: revoked and destroyed, nothing of ours changes', (_name, event) => {
    const before = withCandidate();
    const state = after(before, event);
    expect(unchanged(state)).toEqual(unchanged(before));
    expect(state).toMatchObject({ candidate: null, lastAttempt: { attemptId: 'att_2', code: 'candidate_refused' } });
    expect(state.retired).toMatchObject([{ fromVersion: 2, toVersion: 2, revoke: true }]);
  });

  test('a decision about any other attempt changes nothing', () => {
    const state = withCandidate();
    expect(after(state, { type: 'candidateDecided', at: NOW, attemptId: 'att_9', accept: true })).toBe(state);
  });

  test('a second candidate takes the place of the first, which is given up and told of', () => {
    const under = exchanging(withCandidate(), 'att_3');
    const state = after(under, granted(under, { grant: OTHER_USER }));
    expect(state).toMatchObject({
      candidate: { attemptId: 'att_3' },
      lastAttempt: { attemptId: 'att_3', outcome: 'candidate' },
    });
    expect(retiredVersions(state)).toEqual([[2, 2]]);
    expect(state.announcements.flatMap(({ closeAttempts }) => closeAttempts)).toContainEqual(
      expect.objectContaining({ attemptId: 'att_2', code: 'candidate_refused' }),
    );
  });
});

test('a grant of another instance is refused, revoked and destroyed', () => {
  const before = connected();
  const under = exchanging(before, 'att_2');
  const state = after(under, granted(under, { grant: OTHER_ORG }));
  expect(unchanged(state)).toEqual(unchanged(before));
  expect(state.lastAttempt).toMatchObject({ outcome: 'failed', code: 'instance_mismatch' });
  expect(state.retired).toMatchObject([{ fromVersion: 2, toVersion: 2, revoke: true }]);
});

test('the first grant of a draft comes into force, whoever it is', () => {
  const under = exchanging(draft(), 'att_1');
  expect(after(under, granted(under, { grant: { ...OTHER_USER, ...OTHER_ORG } }))).toMatchObject({
    status: 'connected',
    credential: { version: 1 },
  });
});

describe('g25: another organization at the same address and for the same user, the old one gone', () => {
  const replaced = (from = revoked()): ConnectionState => {
    const under = exchanging(from, 'att_2');
    const event = granted(under, { grant: OTHER_ORG });
    if (event.type !== 'exchanged' || event.outcome.kind !== 'granted') throw new Error('not granted');
    return after(under, { ...event, outcome: { ...event.outcome, replaces: true } });
  };
  const decided = (accept: boolean): ConnectionState =>
    after(replaced(), { type: 'candidateDecided', at: NOW + MINUTE, attemptId: 'att_2', accept });

  test('waits for a person, and the text names the sandbox refresh', () => {
    const state = replaced();
    expect(state).toMatchObject({
      status: 'invalid',
      lastAttempt: { outcome: 'candidate', code: 'instance_replaced' },
    });
    expect(viewOf(state).nextStep).toMatch(/another organization.*sandbox refresh.*Accept/);
    expect(state.retired).toEqual(revoked().retired);
  });

  test('accepted: in force, and everybody can tell since when', () => {
    const state = decided(true);
    expect(state).toMatchObject({ status: 'connected', grant: OTHER_ORG, instanceSince: NOW + MINUTE });
    expect(leaseOf(state)).toMatchObject({ kind: 'yes', instanceId: 'org-2', instanceSince: NOW + MINUTE });
  });

  test('refused: revoked, and all is as before', () => {
    const state = decided(false);
    expect(unchanged(state)).toEqual(unchanged(revoked()));
    expect(state).not.toHaveProperty('instanceSince');
    expect(state.retired.at(-1)).toMatchObject({ revoke: true });
  });

  test('another user of the same organization is another matter', () => {
    const under = exchanging(connected(), 'att_2');
    const state = after(under, granted(under, { grant: OTHER_USER }), {
      type: 'candidateDecided',
      at: NOW,
      attemptId: 'att_2',
      accept: true,
    });
    expect(state).not.toHaveProperty('instanceSince');
  });
});
