import { ConnectionSchema } from '#contract/connections/connection-shape.js';
import { viewOf } from '#workflows/connection/view-of.js';
import { connected, draft, exchanging } from '../../../test/support/connection-states.js';
import { connectionOf, projectedView } from './connection-answer.js';

const EXTRAS = { createdAt: 1, parked: null, stale: false };

test.each(Object.entries({ draft: draft(), connected: connected(), exchanging: exchanging(connected(), 'att_2') }))(
  'every field of the contract is answered, and no other: %s',
  (_, state) => {
    const answer = connectionOf(viewOf(state), EXTRAS);
    expect(Object.keys(answer).sort()).toEqual(Object.keys(ConnectionSchema.shape).sort());
    expect(ConnectionSchema.safeParse(answer).error).toBeUndefined();
  },
);

test('a view is made once of a projection, and anew of a changed one', () => {
  const document = { _id: 'con_kept', state: JSON.stringify(connected()) };
  const view = projectedView(document);
  expect(view).toEqual(viewOf(connected()));
  // Another string of the same text, as the next read from the store gives it.
  expect(projectedView({ ...document, state: JSON.stringify(JSON.parse(document.state)) })).toBe(view);
  expect(projectedView({ ...document, state: JSON.stringify({ ...connected(), name: 'Renamed' }) }).name).toBe(
    'Renamed',
  );
});

test('no more views are kept than a few thousand', () => {
  const state = JSON.stringify(draft());
  const first = projectedView({ _id: 'con_0', state });
  for (let number = 1; number <= 2_000; number += 1) projectedView({ _id: `con_${number}`, state });
  expect(projectedView({ _id: 'con_2000', state })).toBe(projectedView({ _id: 'con_2000', state }));
  expect(projectedView({ _id: 'con_0', state })).not.toBe(first);
});

test('g34: a right that jobs or recipes wait for is the next step, unless it was found this moment', () => {
  const parked = { jobs: 0, recipes: 1, requirements: ['Account:read'] };
  const told = (satisfied: string[], at: number): string => {
    const proof = { count: 1, at, accepted: true, version: 1, missing: [], satisfied };
    return connectionOf({ ...viewOf(connected()), proof }, { ...EXTRAS, parked }).nextStep;
  };
  expect(told([], Date.now())).toMatch(/Account:read.*press Verify/);
  expect(told(['Account:read'], Date.now() - 60_000)).toMatch(/Account:read/);
  expect(told(['Account:read'], Date.now())).toBe('Nothing is to be done.');
});
