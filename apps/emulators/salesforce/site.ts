import type { FastifyRequest } from 'fastify';
import { baseUrl, type ServerName, type VendorServer } from '../core/hosts.js';
import type { Org } from '../core/org.js';
import type { World } from '../core/world.js';
import { orgId } from './ids.js';

/** What each Salesforce route is given: where it runs and how its addresses read for the asker. */
export interface Site {
  world: World;
  org: Org;
  server: VendorServer;
}

function named(site: Site, kind: 'login' | 'instance'): ServerName {
  const sandbox = site.org.name === 'sandbox';
  if (kind === 'login') return sandbox ? 'salesforceSandboxLogin' : 'salesforceLogin';
  return sandbox ? 'salesforceSandboxInstance' : 'salesforceInstance';
}

export function loginUrl(site: Site, request: FastifyRequest): string {
  return baseUrl(request.headers.host, named(site, 'login'), site.world.addresses);
}

export function instanceUrl(site: Site, request: FastifyRequest): string {
  return baseUrl(request.headers.host, named(site, 'instance'), site.world.addresses);
}

/** The server that was asked. */
export function ownUrl(site: Site, request: FastifyRequest): string {
  return baseUrl(request.headers.host, site.server.name, site.world.addresses);
}

/** The identity URL: its host is login or test, never the instance (saas-apis 2.2). */
export function identityUrl(site: Site, request: FastifyRequest, userId: string): string {
  return `${loginUrl(site, request)}/id/${orgId(site.org)}/${userId}`;
}
