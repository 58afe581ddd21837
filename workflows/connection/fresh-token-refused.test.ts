/** A token that was issued a moment ago and is refused: degraded, proven again with pauses; invalid only when the refusal lasts. */
import { isSettling, SETTLING_MS } from '#domain/settling.js';
import { after, connected, HOUR, NOW, renewed, renewing, told } from '../../test/support/connection-states.js';
import type { VerifyOutcome } from './activities.js';
import { leaseOf } from './lease-of.js';
import { rebuiltState, type ConnectionState } from './state.js';
import { nextDeadline } from './time.js';
import { nextWork } from './work.js';

const REFUSED = { at: NOW, status: 401, appCode: 'invalid_token' };

/** The app refuses the access token of every version until then; the actor lives on. @returns The state when nothing is left to do. */
function live(start: ConnectionState, refusesUntil: number, forMs: number) {
  let state = start;
  let proofs = 0;
  let renewals = 0;
  let at = NOW;
  while (at < NOW + forMs) {
    state = told(after(state, { type: 'ticked', at }));
    const work = nextWork(state, at);
    if (work === null) {
      const deadline = nextDeadline(state, at);
      if (deadline === null) break;
      expect(deadline).toBeGreaterThan(at);
      at = deadline;
    } else if (work.kind === 'verify') {
      proofs += 1;
      state = after(state, { type: 'verifyStarted', at });
      at += 50;
      state = after(state, { type: 'verified', outcome: answer(state, at, at >= refusesUntil) });
    } else {
      renewals += 1;
      state = after(state, { type: 'refreshStarted', at });
      at += 50;
      state = after(state, renewed(state, at, { accessExpiresAt: at + HOUR }));
    }
  }
  return { state, proofs, renewals };
}

function answer(state: ConnectionState, at: number, accepted: boolean): VerifyOutcome {
  const settles = !accepted && isSettling(state.credential!.obtainedAt, at);
  const said = accepted ? {} : { evidence: REFUSED };
  const version = state.credential!.version;
  return {
    kind: 'answered',
    accepted,
    missing: [],
    satisfied: [],
    at,
    jitter: 0.5,
    version,
    ...said,
    ...(settles && { settles }),
  };
}

const asked = (by: 'person' | 'job' = 'job'): ConnectionState =>
  after(connected({}, { facts: { obtainedAt: NOW - HOUR / 2, refreshExpiresAt: null } }), {
    type: 'verifyWished',
    at: NOW,
    by,
    requirements: ['Account:read'],
  });

test.each(['person', 'job'] as const)(
  'g22: refused for 5 s after its renewal: healed by itself (asked by a %s)',
  (by) => {
    const { state, proofs, renewals } = live(asked(by), NOW + 5_000, 60_000);
    expect(state).toMatchObject({ status: 'connected', reason: null, proof: { accepted: true, version: 2 } });
    expect(renewals).toBe(1);
    expect(proofs).toBeLessThan(8);
  },
);

test('g22: meanwhile it is degraded, served, says why, and the caller is answered', () => {
  const begun = renewing(asked());
  const fresh = after(begun, renewed(begun, NOW));
  const verifying = after(fresh, { type: 'verifyStarted', at: NOW });
  const state = after(verifying, { type: 'verified', outcome: answer(verifying, NOW + 100, false) });
  expect(state).toMatchObject({
    status: 'degraded',
    reason: { code: 'credential_settling', evidence: REFUSED },
    verify: { rounds: verifying.verify.rounds + 1, trouble: { code: 'credential_settling', evidence: REFUSED } },
  });
  expect(leaseOf(state)).toMatchObject({ kind: 'yes', version: 2, trouble: 'credential_settling' });
  expect(nextWork(state, NOW + 100)).toBeNull();
  const pressed = after(state, { type: 'verifyWished', at: NOW + 200, by: 'person', requirements: [] });
  expect(nextWork(pressed, NOW + 200)).toEqual({ kind: 'verify' });
});

test('g22: a refusal that lasts is evidence: invalid, with the words of the app, and left alone', () => {
  const { state, proofs, renewals } = live(asked(), NOW + HOUR, HOUR / 2);
  expect(state).toMatchObject({ status: 'invalid', reason: { code: 'credential_rejected', evidence: REFUSED } });
  expect(state.since - NOW).toBeGreaterThanOrEqual(SETTLING_MS);
  expect(state.since - NOW).toBeLessThan(3 * SETTLING_MS);
  expect(renewals).toBe(1);
  expect(proofs).toBeLessThan(12);
  expect(nextDeadline({ ...state, retired: [] }, NOW + HOUR)).toBeNull();
});

test('g22: an app that stops answering meanwhile is asked again until it answers, ever more rarely', () => {
  const begun = renewing(asked());
  let state = after(begun, renewed(begun, NOW));
  state = after(state, { type: 'verifyStarted', at: NOW });
  state = after(state, { type: 'verified', outcome: answer(state, NOW, false) });
  let at = NOW;
  for (let round = 0; round < 15; round += 1) {
    const due = state.verify.wish!.notBefore!;
    expect(due).toBeGreaterThan(at);
    at = due;
    state = after(state, { type: 'verifyStarted', at });
    const outcome = { kind: 'unanswered', code: 'app_unavailable', at, jitter: 0, version: 2 } as const;
    state = after(state, { type: 'verified', outcome });
    expect(state.status).toBe('degraded');
  }
  expect(state.verify.wish!.notBefore! - at).toBeGreaterThan(5 * 60_000);
});

test('g22: it goes on after a rebuild', () => {
  const begun = renewing(asked());
  const fresh = after(begun, renewed(begun, NOW), { type: 'verifyStarted', at: NOW });
  const state = after(fresh, { type: 'verified', outcome: answer(fresh, NOW, false) });
  const rebuilt = { ...rebuiltState(state), unreconciled: false };
  expect(nextWork(rebuilt, state.verify.wish!.notBefore!)).toEqual({ kind: 'verify' });
});

test('g22: in `invalid` nothing repeats by itself, and outcomes of older workers are judged as they were', () => {
  const verifying = after(asked('person'), { type: 'verifyStarted', at: NOW });
  const invalid = {
    ...verifying,
    status: 'invalid' as const,
    refresh: { ...verifying.refresh, dead: { code: 'grant_revoked' as const } },
  };
  const outcome = { ...answer(invalid, NOW, false), settles: true as const };
  expect(after(invalid, { type: 'verified', outcome }).verify.wish).toBeNull();
  const { settles: _, ...older } = outcome;
  const young = {
    ...verifying,
    verify: { ...verifying.verify, underWay: { by: 'job' as const, requirements: [], renewedFrom: 0 } },
  };
  const noRefresh = { ...young, credential: { ...young.credential!, hasRefreshToken: false } };
  expect(after(noRefresh, { type: 'verified', outcome: older as VerifyOutcome }).status).toBe('invalid');
});
