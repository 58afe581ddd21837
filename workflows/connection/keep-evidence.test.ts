/** Evidence is never replaced by less. */
import { after, connected, NOW, proven, renewing, revoked, told } from '../../test/support/connection-states.js';
import { richerEvidence } from './keep-evidence.js';
import { enterStatus } from './status.js';
import type { ConnectionState } from './state.js';

const WORDS = { at: NOW, status: 400, appCode: 'invalid_grant', appMessage: 'expired access/refresh token' };
const BARE = { at: NOW + 1, status: 401 };

/** Invalid by a refusal with the app's own words. */
function refusedWithWords(): ConnectionState {
  const under = renewing(connected(), NOW, 1);
  const outcome = { kind: 'dead', code: 'grant_revoked', evidence: WORDS, at: NOW, jitter: 0, version: 2 } as const;
  return told(after(under, { type: 'refreshed', outcome }));
}

const verify = (state: ConnectionState, evidence?: object): ConnectionState => {
  const begun = after(
    state,
    { type: 'verifyWished', at: NOW, by: 'person', requirements: [] },
    { type: 'verifyStarted', at: NOW },
  );
  const event = proven(begun, false) as { outcome: object };
  return after(begun, { type: 'verified', outcome: { ...event.outcome, ...(evidence && { evidence }) } } as never);
};

test.each([undefined, BARE, { at: NOW + 1, status: 401, appCode: 'invalid_token' }])(
  'g31: a person verifies after a revocation: the words of the first refusal stay (%j)',
  (evidence) => {
    let state = refusedWithWords();
    for (let presses = 0; presses < 3; presses += 1) {
      state = verify(state, evidence);
      expect(state).toMatchObject({ status: 'invalid', reason: { code: 'grant_revoked', evidence: WORDS } });
      expect(state.proof).toMatchObject({ accepted: false, code: 'grant_revoked', evidence: WORDS });
    }
  },
);

test('g31: a token that still lives and is refused later: the words that ended the refresh token stay', () => {
  const under = renewing(connected());
  const outcome = { kind: 'dead', code: 'grant_revoked', evidence: WORDS, at: NOW, jitter: 0, version: 2 } as const;
  const degraded = after(under, { type: 'refreshed', outcome });
  expect(degraded.status).toBe('degraded');
  expect(verify(degraded, BARE)).toMatchObject({ status: 'invalid', reason: { evidence: WORDS } });
});

test('g31: words replace a bare status, and newer words older ones; another code is another matter', () => {
  expect(verify(revoked(), BARE).reason).toEqual({ code: 'grant_revoked', evidence: BARE });
  const newer = { ...WORDS, at: NOW + 5, appMessage: 'inactive user' };
  expect(richerEvidence(WORDS, newer)).toBe(newer);
  expect(richerEvidence(BARE, WORDS)).toBe(WORDS);
  expect(richerEvidence(WORDS, BARE)).toBe(WORDS);
  expect(richerEvidence(undefined, BARE)).toBe(BARE);
  const other = enterStatus(refusedWithWords(), 'disconnected', { code: 'connection_disconnected' }, NOW);
  expect(other.reason).toEqual({ code: 'connection_disconnected' });
});

test('g31: a verification that waits for a renewal tells what the app said to that', () => {
  const waiting = after(connected(), { type: 'verifyWished', at: NOW, by: 'person', requirements: [] });
  const under = renewing(waiting, NOW, 1);
  const outcome = {
    kind: 'operator',
    code: 'client_rejected',
    evidence: WORDS,
    at: NOW,
    jitter: 0,
    version: 2,
  } as const;
  const state = after(under, { type: 'refreshed', outcome });
  expect(state.verify.trouble).toMatchObject({ code: 'client_rejected', evidence: WORDS });
});
