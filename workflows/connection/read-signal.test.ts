import { readSignal } from './read-signal.js';

test.each([undefined, null, 'please', 7, [], {}])('%p is a wish of a person without fields', (input) => {
  expect(readSignal(input)).toEqual({ by: 'person', requirements: [] });
});

test('fields of other types are left out', () => {
  expect(readSignal({ by: 7, requirements: 7, seenVersion: 'x', attemptId: 7, expiresAt: Number.NaN })).toEqual({
    by: 'person',
    requirements: [],
  });
  expect(readSignal({ requirements: ['a', 7, 'b'] }).requirements).toEqual(['a', 'b']);
});

test('what fits is kept', () => {
  const whole = { by: 'job', attemptId: 'att_1', expiresAt: 1, seenVersion: 2, requirements: ['a'], at: 3, version: 4 };
  expect(readSignal(whole)).toEqual(whole);
});
