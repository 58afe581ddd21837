import type { Org } from './core/org.js';
import type { Client } from './core/types.js';
import type { World } from './core/world.js';
import { objectsOf } from './control/overview.js';
import { prepareSalesforce, seedSalesforce } from './salesforce/seed.js';
import { prepareZendesk, seedZendesk } from './zendesk/seed.js';

const seededClients: Client[] = [
  {
    app: 'salesforce',
    org: null,
    clientId: 'hawser-demo-salesforce',
    clientSecret: 'hawser-demo-salesforce-secret',
    redirectUris: 'any-loopback',
    pkceRequired: false,
    publicClient: false,
    name: 'Hawser (demo)',
    numericId: 27_411_800_000_301,
    createdBy: null,
  },
  {
    app: 'zendesk',
    org: null,
    clientId: 'hawser_demo_zendesk',
    clientSecret: 'hawser-demo-zendesk-secret',
    redirectUris: 'any-loopback',
    pkceRequired: false,
    publicClient: false,
    name: 'Hawser (demo)',
    numericId: 27_411_800_000_302,
    createdBy: 'admin@acme.example',
  },
];

function seed(org: Org): void {
  if (org.app === 'salesforce') seedSalesforce(org);
  else seedZendesk(org);
}

/** First start: the seed. Later starts: what was left. */
export function prepareWorld(world: World): void {
  for (const org of world.orgs.values()) {
    if (org.app === 'salesforce') prepareSalesforce(org);
    else prepareZendesk(org);
    if (!org.seeded) seed(org);
  }
  for (const client of seededClients) if (!world.client(client.app, '*', client.clientId)) world.putClient(client);
}

/** Back to the seed: records, people, grants, policy, counts. Faults of the org go too; the log and the list of secrets stay. */
export function resetOrgs(world: World, app: string | undefined, name: string | undefined): string[] {
  const chosen = [...world.orgs.values()].filter(
    (org) => (app === undefined || org.app === app) && (name === undefined || org.name === name),
  );
  for (const org of chosen) {
    org.empty([...objectsOf(org), 'job_statuses']);
    org.data.collection('idempotencyKeys').clear();
    seed(org);
    world.counters.clear(org.key);
    for (const fault of world.faults.all())
      if (fault.app === org.app && (fault.org === undefined || fault.org === org.name)) world.faults.remove(fault.id);
  }
  return chosen.map((org) => org.key);
}
