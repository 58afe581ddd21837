import type { Org } from '../core/org.js';
import { vendorServers } from '../core/hosts.js';
import type { World } from '../core/world.js';
import { sobjects } from '../salesforce/schema/objects.js';

export function objectsOf(org: Org): string[] {
  return org.app === 'salesforce'
    ? sobjects.filter((object) => object.writable).map((object) => object.name)
    : ['organizations', 'tickets'];
}

/** Everything but secrets. */
export function overview(world: World): Record<string, unknown> {
  const orgs = [...world.orgs.values()].map((org) => ({
    key: org.key,
    app: org.app,
    org: org.name,
    servers: vendorServers
      .filter((server) => server.app === org.app && server.org === org.name)
      .map((server) => ({
        name: server.name,
        vendorOrigin: `https://${server.vendorHost}`,
        address: world.addresses[server.name],
      })),
    users: org.users
      .values()
      .map(({ id, username, name, role, active, rights }) => ({ id, username, name, role, active, rights })),
    grants: org.grants
      .values()
      .filter((grant) => !grant.revoked)
      .map(({ id, clientId, username, scopes, createdAt }) => ({
        id,
        clientId,
        username,
        scopes,
        createdAt: new Date(createdAt).toISOString(),
      })),
    records: Object.fromEntries(
      objectsOf(org).map((object) => [
        object,
        org
          .records(object)
          .values()
          .filter((row) => row.IsDeleted !== true && row.deleted_at === undefined).length,
      ]),
    ),
    policy: org.policy,
  }));
  const clients = world.clients.values().map(({ clientSecret: _, ...client }) => client);
  return {
    addresses: world.addresses,
    vendorOrigins: Object.fromEntries(
      vendorServers.map((one) => [`https://${one.vendorHost}`, world.addresses[one.name]]),
    ),
    orgs,
    clients,
  };
}
