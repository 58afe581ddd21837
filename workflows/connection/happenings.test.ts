/** What the event log is told of a connection: numbers without a hole, whatever comes between; nothing that was not written is lost. */
import { after, connected, NOW, proven, renewed, renewing, transient } from '../../test/support/connection-states.js';
import type { ConnectionEvent } from './events.js';
import { happeningOf, happeningOfWork } from './happenings.js';
import type { ConnectionState } from './state.js';
import { transition } from './transition.js';

const rename = (name: string): ConnectionEvent => ({ type: 'reconfigured', at: NOW, name });

/** Every number that a run of events gives, by announcements and by work. */
function numbersOf(state: ConnectionState, events: ((state: ConnectionState) => ConnectionEvent)[]): number[] {
  const numbers: number[] = [];
  let now = state;
  for (const make of events) {
    const event = make(now);
    const next = transition(now, event);
    const work = happeningOfWork(now, next, event);
    if (work) numbers.push(work.sequence);
    for (const { sequence, happening } of next.announcements)
      if (sequence > now.announcementCount) numbers.push(happening ?? 0);
    now = next;
  }
  return numbers;
}

test('every happening has a number, and none is left out', () => {
  const start = connected();
  const first = start.happenings ?? 0;
  const numbers = numbersOf(start, [
    () => rename('A'),
    () => ({ type: 'refreshWished', at: NOW, by: 'job', rejectedVersion: 1, adoptOnly: false }),
    () => ({ type: 'refreshStarted', at: NOW }),
    () => rename('B'),
    (state) => renewed(state),
    () => ({ type: 'verifyWished', at: NOW, by: 'person', requirements: [] }),
    () => ({ type: 'verifyStarted', at: NOW }),
    (state) => proven(state, true),
    () => ({ type: 'disconnectAsked', at: NOW, by: 'person' }),
  ]);
  expect(numbers.length).toBeGreaterThanOrEqual(5);
  expect(numbers).toEqual(numbers.map((_, index) => first + index + 1));
});

test('a renewal says from which version to which, and why', () => {
  const state = renewing(
    after(connected(), { type: 'refreshWished', at: NOW, by: 'job', rejectedVersion: 1, adoptOnly: false }),
  );
  const event = renewed(state);
  expect(happeningOfWork(state, transition(state, event), event)).toMatchObject({
    kind: 'connection.renewed',
    subject: state.connectionId,
    who: 'job',
    facts: { from: 1, version: 2, because: 'rejected' },
  });
  const failed = transient(state);
  expect(happeningOfWork(state, transition(state, failed), failed)).toBeNull();
});

test('what could not be written is kept for the next announcement, at most twenty', () => {
  let state = connected();
  for (let round = 0; round < 25; round += 1) {
    state = renewing(state);
    const event = renewed(state);
    if (event.type === 'refreshed') event.outcome.untold = true;
    state = transition(state, event);
  }
  expect(state.untold).toHaveLength(20);
  expect(state.untold?.at(-1)).toMatchObject({ kind: 'connection.renewed', sequence: state.happenings });
  const last = state.happenings ?? 0;
  const renamed = transition(state, rename('Other'));
  const announcement = renamed.announcements.at(-1)!;
  const kept = transition(renamed, { type: 'announced', at: NOW, sequence: announcement.sequence, toldThrough: null });
  expect(kept.untold).toHaveLength(20);
  expect(kept.untold?.at(-1)).toEqual(happeningOf(renamed, announcement));
  const told = transition(renamed, {
    type: 'announced',
    at: NOW,
    sequence: announcement.sequence,
    toldThrough: last + 1,
  });
  expect(told.untold).toBeUndefined();
});

test('a worker of an older build says nothing of the log: nothing is kept, nothing dropped', () => {
  const renamed = transition(connected(), rename('Other'));
  const sequence = renamed.announcements.at(-1)!.sequence;
  expect(transition(renamed, { type: 'announced', at: NOW, sequence }).untold).toBeUndefined();
});
