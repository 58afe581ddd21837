import type { Lease } from '#domain/lease.js';
import { leaseOf } from '#workflows/connection/lease-of.js';
import { connected, factsOf, revoked } from '../../../../test/support/connection-states.js';
import { compareVersions } from './vault-versions.js';

const lease = leaseOf(connected());
const { version, grantId } = lease as Extract<Lease, { kind: 'yes' }>;
const stored = (number: number, grant = grantId) => ({
  version: number,
  facts: factsOf({ version: number, grantId: grant }),
});

test('the vault holds what the actor serves: nothing is wrong', () => {
  expect(compareVersions(lease, [stored(version)])).toBeNull();
});

test('a newer version of the same grant is one that the actor does not know; of another grant it is none', () => {
  expect(compareVersions(lease, [stored(version), stored(version + 2)])).toEqual({
    kind: 'newer',
    version: version + 2,
  });
  expect(compareVersions(lease, [stored(version), stored(version + 2, 'another')])).toBeNull();
});

test('a version that is gone is told with the newest one that is left of its grant', () => {
  const later = { ...lease, version: 5 } as Lease;
  expect(compareVersions(later, [stored(2), stored(3), stored(4, 'another')])).toEqual({
    kind: 'missing',
    version: 5,
    newestOlder: 3,
  });
  expect(compareVersions(later, [])).toEqual({ kind: 'missing', version: 5, newestOlder: null });
});

test('a connection that serves nothing misses nothing', () => {
  expect(compareVersions(leaseOf(revoked()), [])).toBeNull();
});
