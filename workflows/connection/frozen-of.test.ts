/** What an authorization was begun with holds for its grant; a changed setting counts for the next one. */
import { after, connected, exchanging, granted, NOW } from '../../test/support/connection-states.js';
import type { Frozen } from '#domain/frozen.js';
import type { ConnectionEvent } from './events.js';
import { frozenOf } from './frozen-of.js';
import { leaseOf } from './lease-of.js';
import type { ConnectionState } from './state.js';
import { appClientsOf, viewOf } from './view-of.js';

const ACME: Frozen = { settings: { subdomain: 'acme' }, appClientId: 'cli_test' };
const OTHER = { settings: { subdomain: 'other' }, appClientId: 'cli_other' };

/** Authorized at acme, as this build does it; `frozen: null` as an older one did. */
function atAcme(frozen: Frozen | null = ACME): ConnectionState {
  const facts = frozen === null ? {} : { frozen };
  const state = connected({}, { facts, grant: facts });
  return { ...state, settings: ACME.settings };
}
const reconfigured = (freezes: boolean, settings: Record<string, string> = OTHER.settings): ConnectionEvent => ({
  type: 'reconfigured',
  at: NOW,
  ...OTHER,
  settings,
  freezes,
});
const settingsOf = (state: ConnectionState): unknown => {
  const lease = leaseOf(state);
  return lease.kind === 'yes' ? lease.settings : null;
};

test.each([
  ['this build', ACME],
  ['an older build, frozen before its first change', null],
])('g15: a changed setting leaves the grant of %s where it is', (_, frozen) => {
  const state = after(atAcme(frozen), reconfigured(true), reconfigured(true, { subdomain: 'third' }));
  expect(settingsOf(state)).toEqual(ACME.settings);
  expect(frozenOf(state, state.credential)).toMatchObject(ACME);
  expect(viewOf(state)).toMatchObject({
    settings: { subdomain: 'third' },
    authorizedWith: ACME,
    nextStep: expect.stringMatching(/next authorization/),
  });
  expect(appClientsOf(state)).toEqual(expect.arrayContaining(['cli_test', 'cli_other']));
});

test('g15: a setting that is put back needs no authorization', () => {
  const state = after(atAcme(), reconfigured(true), { type: 'reconfigured', at: NOW, ...ACME, freezes: true });
  expect(viewOf(state).nextStep).toBe('Nothing is to be done.');
});

test('g15: the next authorization lives by what was set when it was begun, and the old grant is revoked where it lives', () => {
  const before = exchanging(after(atAcme(), reconfigured(true)), 'att_2');
  const frozen: Frozen = { ...OTHER };
  const state = after(before, granted(before, { facts: { frozen }, grant: { frozen } }));
  expect(settingsOf(state)).toEqual(OTHER.settings);
  expect(state.retired).toMatchObject([{ fromVersion: 1, appClientId: 'cli_test' }]);
  expect(appClientsOf(state)).toContain('cli_test');
  expect(viewOf(state).nextStep).toBe('Nothing is to be done.');
});

test('g15: a version whose worker froze nothing lives by its grant', () => {
  const state = atAcme();
  const { frozen: _, ...credential } = state.credential!;
  expect(settingsOf(after({ ...state, credential }, reconfigured(true)))).toEqual(ACME.settings);
});

test('g15: a run that its history holds without the patch replays as it was', () => {
  const state = after(atAcme(null), reconfigured(false));
  expect(settingsOf(state)).toEqual(OTHER.settings);
  expect(state).not.toHaveProperty('before');
});
