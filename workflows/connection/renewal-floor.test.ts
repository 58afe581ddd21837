/** Renewals by time keep a floor between them, whatever the stamps of the tokens say. */
import { after, connected, draft, HOUR, MINUTE, NOW, renewed } from '../../test/support/connection-states.js';
import type { CredentialFacts } from '#domain/grant.js';
import type { ConnectionState } from './state.js';
import { nextDeadline, RENEWAL_FLOOR_MS } from './time.js';
import { nextWork } from './work.js';

const CALL_MS = 100;

/** The actor's loop for so long, with an app that renews at once. @returns The moments at which it asked. */
function live(start: ConnectionState, forMs: number, factsAt: (at: number) => Partial<CredentialFacts>): number[] {
  const asked: number[] = [];
  let state = start;
  for (let at = NOW; at < NOW + forMs;) {
    state = after(state, { type: 'ticked', at });
    const work = nextWork(state, at);
    if (work?.kind === 'refresh') {
      asked.push(at);
      state = after(state, { type: 'refreshStarted', at });
      at += CALL_MS;
      state = after(state, renewed(state, at, factsAt(at)));
    } else if (work?.kind === 'verify') {
      at += CALL_MS;
      const outcome = { kind: 'unanswered', code: 'app_unavailable', at, jitter: 0, version: 0 } as const;
      state = after(state, { type: 'verifyStarted', at }, { type: 'verified', outcome });
    } else {
      const deadline = nextDeadline(state, at);
      expect(work).toBeNull();
      if (deadline === null) break;
      expect(deadline).toBeGreaterThan(at);
      at = deadline;
    }
  }
  return asked;
}

const CASES: [string, (at: number) => Partial<CredentialFacts>][] = [
  ['expires_in: 1', (at) => ({ obtainedAt: at, accessExpiresAt: at + 1_000 })],
  [
    'a clock 10 minutes behind, tokens of 5',
    (at) => ({ obtainedAt: at - 10 * MINUTE, accessExpiresAt: at - 5 * MINUTE }),
  ],
  ['an end that is none', (at) => ({ obtainedAt: at, accessExpiresAt: at })],
  ['an idle life of a second', (at) => ({ obtainedAt: at, accessExpiresAt: null, refreshExpiresAt: at + 1_000 })],
];

test.each(CASES)('g02: %s: one renewal per floor, no more', (_name, factsAt) => {
  const asked = live(connected({}, { facts: factsAt(NOW) }), 5 * MINUTE, factsAt);
  expect(asked.length).toBeGreaterThan(1);
  expect(asked.length).toBeLessThanOrEqual(Math.ceil((5 * MINUTE) / RENEWAL_FLOOR_MS) + 1);
  for (const [index, at] of asked.slice(1).entries())
    expect(at - asked[index]!).toBeGreaterThanOrEqual(RENEWAL_FLOOR_MS);
});

test.each(CASES)(
  'g02: %s: a verification that is wished meanwhile does not renew again and again',
  (_name, factsAt) => {
    const start = after(connected({}, { facts: factsAt(NOW) }), {
      type: 'verifyWished',
      at: NOW,
      by: 'job',
      requirements: [],
    });
    expect(live(start, RENEWAL_FLOOR_MS, factsAt).length).toBeLessThanOrEqual(2);
  },
);

test('g02: ordinary lives are not touched by it, and whoever asks is served at once', () => {
  const facts = (at: number) => ({ obtainedAt: at, accessExpiresAt: at + HOUR });
  expect(live(connected(), 3 * HOUR, facts)).toHaveLength(3);
  const begun = after(connected(), { type: 'refreshStarted', at: NOW });
  const short = after(begun, renewed(begun, NOW, { accessExpiresAt: NOW + 1_000 }));
  const asked = after(short, { type: 'refreshWished', at: NOW, by: 'job', rejectedVersion: 0, adoptOnly: false });
  expect(nextWork(asked, NOW + 1_000)).toEqual({ kind: 'refresh' });
});

test('g02: runs of older builds keep to their own times: their histories say so', () => {
  const { paced: _, ...older } = draft();
  const state = { ...connected({}, { facts: { accessExpiresAt: NOW } }), paced: undefined };
  const begun = after(state as unknown as ConnectionState, { type: 'refreshStarted', at: NOW });
  expect(begun.refresh).not.toHaveProperty('begunAt');
  expect(after(older as ConnectionState, { type: 'refreshStarted', at: NOW }).refresh).not.toHaveProperty('begunAt');
});
