/** When a grant of another organization is a sandbox refresh, and when it is a mistake. */
import { connectors } from '#connectors/registry.js';
import type { Grant } from '#domain/grant.js';
import type { ConnectionState } from '#workflows/connection/state.js';
import { connected, grantOf, revoked } from '../../../../test/support/connection-states.js';
import { modelVault, ModelVaultData } from '../../../../test/model/model-vault.js';
import type { ConnectionActivityDeps } from './deps.js';
import { replacesInstance } from './replaces-instance.js';

const URL_OF_BOTH = 'https://one.example.org';
const OLD = '00D7fU00000Qr9kEBC';
const NEW = '00D7fU00000R12cEBC';

const at = (state: ConnectionState): ConnectionState => ({
  ...state,
  grant: { ...state.grant!, instance: { id: OLD, url: URL_OF_BOTH, label: 'One' } },
});
const fresh = (part: Partial<Grant> = {}): Grant =>
  grantOf({ grantId: 'att_2', instance: { id: NEW, url: `${URL_OF_BOTH}/`, label: 'One' }, ...part });

/** The app's answer to the old credential. */
function deps(status: number, organization = OLD) {
  const data = new ModelVaultData();
  data.versions.set(1, { facts: connected().credential!, secret: { accessToken: 'a1', refreshToken: 'r1' } });
  const user = { user_id: '0057fU00000blJ0ABI', organization_id: organization };
  return {
    vault: modelVault(data, () => Promise.resolve('go')),
    connectors,
    http: {
      send: async () => ({
        status,
        headers: { 'content-type': 'application/json' },
        text: JSON.stringify(status === 200 ? user : []),
        at: Date.now(),
      }),
    },
  } as unknown as ConnectionActivityDeps;
}

test.each<[string, ConnectionState, Grant, ConnectionActivityDeps, boolean]>([
  ['the old grant is known to be dead', at(revoked()), fresh(), deps(503), true],
  ['the old credential is refused now', at(connected()), fresh(), deps(401), true],
  ['the old credential opens the new organization', at(connected()), fresh(), deps(200, NEW), true],
  ['the old organization lives on', at(connected()), fresh(), deps(200), false],
  ['nobody can tell', at(connected()), fresh(), deps(503), false],
  ['another user', at(revoked()), fresh({ account: { id: 'user-2', label: 'Bob' } }), deps(401), false],
  [
    'another host',
    at(revoked()),
    fresh({ instance: { id: NEW, url: 'https://two.example.org', label: 'Two' } }),
    deps(401),
    false,
  ],
  ['the same organization', at(revoked()), fresh({ instance: at(revoked()).grant!.instance }), deps(401), false],
])('g25: %s', async (_, state, grant, world, expected) => {
  expect(await replacesInstance(world, state, grant)).toBe(expected);
});
