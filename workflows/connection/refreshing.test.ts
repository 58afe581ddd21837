/** Promises 2, 4 and 6 as far as pure code shows them: one renewal, a valid credential served on, only evidence invalidates. */
import type { ErrorCode } from '#domain/errors.js';
import { judgeLease } from '#domain/lease.js';
import {
  after,
  connected,
  DAY,
  dead,
  exchanging,
  granted,
  HOUR,
  MINUTE,
  NOW,
  renewed,
  renewing,
  revoked,
  STATES,
  STRICT_POLICY,
  transient,
  refreshWished as wish,
} from '../../test/support/connection-states.js';
import type { RefreshOutcome } from './activities.js';
import { leaseOf } from './lease-of.js';
import type { ConnectionState } from './state.js';
import { wishForFresh, wishToRefresh } from './wish-for-fresh.js';
import { nextWork } from './work.js';

describe('one renewal at a time (promise 2)', () => {
  test('any number of wishes is one piece of work and one version', () => {
    const wished = after(
      connected(),
      ...Array.from({ length: 50 }, (_, index) => wish({ rejectedVersion: index % 2 })),
    );
    expect(nextWork(wished, NOW)).toEqual({ kind: 'refresh' });
    const started = after(wished, { type: 'refreshStarted', at: NOW });
    expect(started.refresh.underWay).toBe(2);
    expect(started.nextVersion).toBe(3);
    const joined = after(started, wish(), wish({ rejectedVersion: 1 }));
    expect(joined).toBe(started);
    const done = after(joined, renewed(joined));
    expect(done).toMatchObject({
      status: 'connected',
      credential: { version: 2 },
      refresh: { wish: null, underWay: 0, rounds: started.refresh.rounds + 1 },
    });
    expect(nextWork(done, NOW)).toBeNull();
  });

  test('a wish joins a wish: the rejection counts, a person stays a person', () => {
    const state = after(connected(), wish({ by: 'person' }), wish({ rejectedVersion: 1 }));
    expect(state.refresh.wish).toEqual({ by: 'person', rejectedVersion: 1, adoptOnly: false });
  });

  test('who has seen an older version is answered at once; who saw this one joins the renewal under way', () => {
    const started = renewing(connected());
    expect(wishForFresh(started, { seenVersion: 0, by: 'job', rejected: true }, NOW)).toBe('answer');
    expect(wishForFresh(started, { seenVersion: 1, by: 'job', rejected: false }, NOW)).toBe('refresh');
  });
});

describe('a valid credential is served while its renewal fails (promise 4)', () => {
  test.each(['transient', 'operator', 'ambiguous', 'dead'] as const)('%s', (kind) => {
    const started = renewing(connected());
    const part = { at: NOW, jitter: 0, version: 2 };
    const outcomes: Record<string, RefreshOutcome> = {
      transient: { kind: 'transient', code: 'token_endpoint_unavailable', ...part },
      operator: { kind: 'operator', code: 'client_rejected', ...part },
      ambiguous: { kind: 'ambiguous', sentAt: NOW, ...part },
      dead: { kind: 'dead', code: 'grant_revoked', ...part },
    };
    const during = leaseOf(started);
    const state = after(started, { type: 'refreshed', outcome: outcomes[kind]! }, { type: 'ticked', at: NOW });
    expect(during).toMatchObject({ kind: 'yes', version: 1 });
    expect(state.status).toBe('degraded');
    const lease = leaseOf(state);
    expect(lease).toMatchObject({ kind: 'yes', version: 1, goodUntil: NOW + HOUR });
    expect(lease.kind === 'yes' && lease.trouble).toBeTruthy();
    expect(judgeLease(lease, NOW + 30 * MINUTE)).toEqual({ do: 'use' });
  });

  test('after its end a token whose renewal fails for a while is not lent, but nobody is parked', () => {
    const started = renewing(connected(), NOW + HOUR);
    const state = after(started, transient(started, NOW + HOUR), { type: 'ticked', at: NOW + HOUR + 1 });
    expect(state.status).toBe('degraded');
    expect(judgeLease(leaseOf(state), NOW + HOUR + 1)).toMatchObject({ do: 'later' });
  });

  test('dead: invalid at the first rejection', () => {
    const started = renewing(connected(), NOW, 1);
    expect(after(started, dead(started))).toMatchObject({ status: 'invalid', reason: { code: 'grant_revoked' } });
  });

  test('dead: invalid at once when the token has ended', () => {
    const started = renewing(connected(), NOW + HOUR);
    expect(after(started, dead(started, NOW + HOUR))).toMatchObject({ status: 'invalid' });
  });
});

describe('only evidence invalidates (promise 6)', () => {
  const codes: ErrorCode[] = [
    'token_endpoint_unavailable',
    'rate_limited',
    'app_unavailable',
    'temporarily_unavailable',
    'client_rejected',
    'key_missing',
    'vault_damaged',
    'vault_unavailable',
    'app_misconfigured',
  ];
  test.each(codes.flatMap((code) => (['transient', 'operator'] as const).map((kind) => [kind, code] as const)))(
    '%s %s never does, even past the end of the token',
    (kind, code) => {
      let state = connected();
      for (let round = 0; round < 20; round += 1) {
        const at = NOW + round * HOUR;
        state = renewing(after(state, { type: 'ticked', at }), at, 1);
        const outcome = { kind, code, at, jitter: 1, version: state.refresh.underWay } as RefreshOutcome;
        state = after(state, { type: 'refreshed', outcome });
        expect(state.status).toBe('degraded');
        expect(state.refresh.notBefore).toBeGreaterThan(at);
      }
      expect(nextWork(state, state.refresh.notBefore - 1)).toBeNull();
      expect(nextWork(state, state.refresh.notBefore)).toEqual({ kind: 'refresh' });
    },
  );

  test('Retry-After is kept to', () => {
    const started = renewing(connected());
    const state = after(started, {
      type: 'refreshed',
      outcome: { kind: 'transient', code: 'rate_limited', retryAfterMs: 7 * MINUTE, at: NOW, jitter: 0, version: 2 },
    });
    expect(state.refresh.notBefore).toBe(NOW + 7 * MINUTE);
  });
});

describe('a young version is verified, never refreshed', () => {
  const young = (): ConnectionState => {
    const started = renewing(connected());
    return after(started, renewed(started));
  };
  const input = { seenVersion: 2, by: 'job', rejected: true } as const;

  test('a rejection right after a renewal is a report: verify', () => {
    expect(wishForFresh(young(), input, NOW + STRICT_POLICY.earliestUsefulRefreshMs - 1)).toBe('verify');
  });
  test('later it is renewed', () => {
    expect(wishForFresh(young(), input, NOW + STRICT_POLICY.earliestUsefulRefreshMs)).toBe('refresh');
  });
  test('a version of a fresh consent may be renewed', () => {
    expect(wishForFresh(connected(), { ...input, seenVersion: 1 }, NOW)).toBe('refresh');
  });
});

describe("a person's refresh", () => {
  const started = renewing(connected());
  const young = after(started, renewed(started));
  const later = NOW + STRICT_POLICY.earliestUsefulRefreshMs;
  test('of a version that was just renewed is a verification', () => {
    expect(wishToRefresh(young, { seenVersion: 2 }, later - 1)).toBe('verify');
    expect(wishToRefresh(young, { seenVersion: 2 }, later)).toBe('refresh');
  });
  test('that came in before the present version was obtained is served', () => {
    expect(wishToRefresh(young, { seenVersion: 2, askedAt: NOW - 1 }, later + HOUR)).toBe('answer');
    expect(wishToRefresh(young, { seenVersion: 2, askedAt: NOW + 1 }, later + HOUR)).toBe('refresh');
    expect(wishToRefresh(young, { seenVersion: 2, waitedMs: HOUR + later - NOW }, later + HOUR)).toBe('answer');
    expect(wishToRefresh(young, { seenVersion: 2, waitedMs: 1_000 }, later + HOUR)).toBe('refresh');
  });
  test('that names an older version is served', () => {
    expect(wishToRefresh(young, { seenVersion: 1 }, later + HOUR)).toBe('answer');
  });
  test('joins the renewal under way, and renews what a consent has brought', () => {
    expect(wishToRefresh(started, { seenVersion: 1 }, NOW)).toBe('refresh');
    expect(wishToRefresh(connected(), { seenVersion: 1, askedAt: NOW - 1 }, NOW)).toBe('refresh');
  });
});

describe('a renewal that was never sent', () => {
  test('is repeated with pauses, names a new round, and shows no trouble of the connection', () => {
    const started = renewing(connected());
    const state = after(started, {
      type: 'refreshed',
      outcome: { kind: 'transient', code: 'temporarily_unavailable', notSent: true, at: NOW, jitter: 1, version: 2 },
    });
    expect(state).toMatchObject({
      status: 'connected',
      reason: null,
      refresh: { failures: 1, notBefore: NOW + 1_000 },
    });
    expect(nextWork(state, NOW + 999)).toBeNull();
    expect(nextWork(state, NOW + 1_000)).toEqual({ kind: 'refresh' });
  });
});

describe('late answers', () => {
  const late = wish({ by: 'system', adoptOnly: true });

  test('heal rotation_lost', () => {
    const started = renewing(connected(), NOW, 1);
    const lost = after(started, {
      type: 'refreshed',
      outcome: { kind: 'dead', code: 'rotation_lost', at: NOW, jitter: 0, version: 2 },
    });
    expect(lost).toMatchObject({ status: 'invalid', reason: { code: 'rotation_lost' } });
    const looking = after(lost, late);
    expect(nextWork(looking, NOW)).toEqual({ kind: 'refresh' });
    const adopting = after(looking, { type: 'refreshStarted', at: NOW });
    expect(adopting.refresh.underWay).toBe(2);
    const healed = after(adopting, renewed(adopting));
    expect(healed).toMatchObject({
      status: 'connected',
      reason: null,
      credential: { version: 2 },
      refresh: { dead: null },
    });
    expect(healed.announcements.at(-1)).toMatchObject({ to: 'connected', wakeConnection: true });
  });

  test('one that comes during a renewal is looked for after it', () => {
    const started = after(renewing(connected()), late);
    const state = after(started, transient(started));
    expect(nextWork(state, NOW)).toEqual({ kind: 'refresh' });
    expect(state.refresh.wish?.adoptOnly).toBe(true);
  });

  test('an older version than the one in force changes nothing', () => {
    let state = renewing(connected());
    state = after(state, renewed(state));
    state = renewing(state);
    const old = after(state, renewed(state, NOW, { version: 1 }));
    expect(old.credential?.version).toBe(2);
  });
});

describe('an outcome for a grant that is no longer in force', () => {
  /** A candidate of another user is accepted while the old grant's renewal is under way. */
  const swapped = (policy = {}): ConnectionState => {
    const asked = exchanging(connected(policy), 'att_2');
    const waiting = after(asked, granted(asked, { grant: { account: { id: 'user-2', label: 'bob' } } }));
    return after(renewing(waiting), { type: 'candidateDecided', at: NOW, attemptId: 'att_2', accept: true });
  };

  test.each(['dead', 'ambiguous', 'transient', 'operator'] as const)('%s: the new grant is not touched', (kind) => {
    const before = swapped();
    const part = { at: NOW, jitter: 0, version: before.refresh.underWay };
    const outcomes: Record<string, RefreshOutcome> = {
      dead: { kind: 'dead', code: 'grant_revoked', ...part },
      ambiguous: { kind: 'ambiguous', sentAt: NOW, ...part },
      transient: { kind: 'transient', code: 'token_endpoint_unavailable', ...part },
      operator: { kind: 'operator', code: 'client_rejected', ...part },
    };
    const state = after(before, { type: 'refreshed', outcome: outcomes[kind]! });
    expect(state).toMatchObject({
      status: 'connected',
      reason: null,
      refresh: { dead: null, ambiguous: null, failures: 0, underWay: 0 },
    });
    expect(leaseOf(state)).toMatchObject({ kind: 'yes', grantId: 'att_2' });
  });

  test('renewed: what it brought is given up, revoked as the connector says, never served', () => {
    for (const revokeOldGrantAfterSwap of [true, false]) {
      const before = swapped({ revokeOldGrantAfterSwap });
      const version = before.refresh.underWay;
      const event = renewed(before, NOW, { grantId: 'att_1' });
      const state = after(before, event);
      expect(state.credential?.grantId).toBe('att_2');
      expect(state.retired).toContainEqual(
        expect.objectContaining({ fromVersion: version, toVersion: version, revoke: revokeOldGrantAfterSwap }),
      );
    }
  });
});

test('a blank instance address in an answer does not overwrite the known one (promise 5)', () => {
  const started = renewing(connected());
  expect(after(started, renewed(started, NOW, { instanceUrl: '' })).grant?.instance.url).toBe(
    'https://one.example.org',
  );
});

test('a draft and a disconnected connection cannot be renewed by any message', () => {
  for (const make of [STATES.draft, STATES.disconnected, STATES.deleted]) {
    const state = after(make(), wish(), wish({ by: 'person', rejectedVersion: 1 }), { type: 'ticked', at: NOW + DAY });
    expect(nextWork({ ...state, retired: [] }, NOW + DAY)).toBeNull();
  }
  expect(revoked().status).toBe('invalid');
});
