import { STRICT_POLICY } from '../../../../test/support/connection-states.js';
import { afterAmbiguity } from './after-ambiguity.js';

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
  ['strict: a living access token is spared', STRICT_POLICY, 0, true, 'wait'],
  ['strict: with nothing left to lose it is tried', STRICT_POLICY, 0, false, 'repeat'],
])('%s', (_name, policy, ageMs, accessAlive, expected) => {
  expect(afterAmbiguity(policy, ageMs, accessAlive)).toBe(expected);
});
