import type { ConnectionView } from '#workflows/connection/messages.js';
import { requireProof } from './verify-bindings.js';

const proof = {
  count: 1,
  at: 1,
  accepted: true,
  version: 1,
  missing: [] as { requirement: string; text: string }[],
  satisfied: [],
};
const view = (change: Partial<ConnectionView> = {}): ConnectionView =>
  ({
    name: 'Acme',
    status: 'connected',
    reason: null,
    nextStep: 'Next.',
    proof,
    verifyTrouble: null,
    ...change,
  }) as ConnectionView;
const starting =
  (after: Partial<ConnectionView>, before: Partial<ConnectionView> = {}) =>
  () =>
    requireProof(view(before), view(after), ['organizations:write']);

test('an accepted proof without gaps lets it start', () => expect(starting({})).not.toThrow());

test('a right that is missing is the one reason', () => {
  const missing = [{ requirement: 'organizations:write', text: 'No organizations.' }];
  expect(starting({ proof: { ...proof, missing } })).toThrow(
    expect.objectContaining({ code: 'right_missing', detail: expect.stringContaining('No organizations.') }),
  );
});

test('a right that this recipe does not need is none', () => {
  expect(starting({ proof: { ...proof, missing: [{ requirement: 'tickets:write', text: 'x' }] } })).not.toThrow();
});

test('a rejected credential, a lost connection and a silent app have their codes', () => {
  expect(starting({ proof: { ...proof, accepted: false } })).toThrow(
    expect.objectContaining({ code: 'credential_rejected' }),
  );
  expect(starting({ status: 'invalid', reason: { code: 'grant_revoked', text: '' } })).toThrow(
    expect.objectContaining({ code: 'grant_revoked' }),
  );
  expect(starting({ verifyTrouble: { code: 'app_unavailable', at: 2 } })).toThrow(
    expect.objectContaining({ code: 'app_unavailable' }),
  );
});

test("a trouble of an earlier verification is not this one's", () => {
  expect(
    starting(
      { verifyTrouble: { code: 'app_unavailable', at: 2 } },
      { verifyTrouble: { code: 'app_unavailable', at: 2 } },
    ),
  ).not.toThrow();
});
