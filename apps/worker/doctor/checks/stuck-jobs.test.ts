import { reasonOf } from './stuck-jobs.js';

const NOW = Date.UTC(2026, 0, 2, 12);
const MINUTE = 60_000;
const waitingFor = {
  connectionId: 'con_a',
  code: 'grant_revoked' as const,
  requirement: null,
  since: NOW - 60 * MINUTE,
  nextLookAt: NOW - 2 * MINUTE,
};
const facts = { pendingActivities: 0, connected: new Map([['con_a', NOW - 30 * MINUTE]]), now: NOW };

test('running without a step under way is stuck; with one it is not', () => {
  expect(reasonOf({ status: 'running', waitingFor: null }, facts)).toContain('no step');
  expect(reasonOf({ status: 'running', waitingFor: null }, { ...facts, pendingActivities: 1 })).toBeNull();
});

test('waiting for a connection that has been connected for long, past its own look, is stuck', () => {
  expect(reasonOf({ status: 'waiting', waitingFor }, facts)).toContain('which is connected');
});

test.each([
  ['the connection is not connected', { waitingFor, connected: new Map<string, number>() }],
  ['it has only just been connected', { waitingFor, connected: new Map([['con_a', NOW - MINUTE]]) }],
  ['it will look by itself', { waitingFor: { ...waitingFor, nextLookAt: NOW + MINUTE }, connected: facts.connected }],
  ['it waits for a right', { waitingFor: { ...waitingFor, requirement: 'scope:api' }, connected: facts.connected }],
])('not stuck: %s', (_why, { waitingFor: wait, connected }) => {
  expect(reasonOf({ status: 'waiting', waitingFor: wait }, { ...facts, connected })).toBeNull();
});
