import { STRICT_POLICY } from '../../../../test/support/connection-states.js';
import { afterAmbiguity, ageOf } from './after-ambiguity.js';

const GRACE = { ...STRICT_POLICY, graceMs: 10_000 };

test.each([
  [
    'an app that does not rotate is asked again',
    { ...STRICT_POLICY, rotates: 'never' as const },
    99_000,
    true,
    'repeat',
  ],
  ['reuse that does no harm is allowed', { ...STRICT_POLICY, reuse: 'harmless' as const }, 99_000, true, 'repeat'],
  ['inside the grace window', GRACE, 9_999, true, 'repeat'],
  ['after the grace window a living access token is spared', GRACE, 10_000, true, 'wait'],
  ['g02: an age that no clock can have is no grace', GRACE, -600_000, true, 'wait'],
  ['g02: nor is it one of a strict app', STRICT_POLICY, -600_000, true, 'wait'],
  ['strict: a living access token is spared', STRICT_POLICY, 0, true, 'wait'],
  ['strict: with nothing left to lose it is tried', STRICT_POLICY, 0, false, 'repeat'],
])('%s', (_name, policy, ageMs, accessAlive, expected) => {
  expect(afterAmbiguity(policy, ageMs, accessAlive)).toBe(expected);
});

test('g02: the age of an intent is never negative', () => {
  expect(ageOf(1_000, 3_000)).toBe(2_000);
  expect(ageOf(603_000, 3_000)).toBe(Number.POSITIVE_INFINITY);
});
