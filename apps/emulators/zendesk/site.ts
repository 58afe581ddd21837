import type { FastifyRequest } from 'fastify';
import { baseUrl, type VendorServer } from '../core/hosts.js';
import type { Org } from '../core/org.js';
import type { World } from '../core/world.js';

export interface Site {
  world: World;
  org: Org;
  server: VendorServer;
}

export function accountUrl(site: Site, request: FastifyRequest): string {
  return baseUrl(request.headers.host, site.server.name, site.world.addresses);
}

export function apiUrl(site: Site, request: FastifyRequest): string {
  return `${accountUrl(site, request)}/api/v2`;
}

/** ISO in UTC, seconds only. */
export function zendeskTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
