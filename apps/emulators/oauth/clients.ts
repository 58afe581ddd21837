import type { FastifyRequest } from 'fastify';
import type { Org } from '../core/org.js';
import type { Client } from '../core/types.js';
import type { World } from '../core/world.js';

export interface ClientCredentials {
  clientId: string | undefined;
  clientSecret: string | undefined;
}

/** From the body, or HTTP Basic (RFC 6749, 2.3.1: both parts form-encoded). */
export function clientCredentials(request: FastifyRequest, body: Record<string, unknown>): ClientCredentials {
  const text = (name: string): string | undefined =>
    typeof body[name] === 'string' && body[name] !== '' ? String(body[name]) : undefined;
  const basic = /^Basic\s+(.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (!basic) return { clientId: text('client_id'), clientSecret: text('client_secret') };
  const decoded = Buffer.from(basic, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  const part = (value: string): string => decodeFormPart(value);
  return { clientId: part(decoded.slice(0, colon)), clientSecret: part(decoded.slice(colon + 1)) };
}

function decodeFormPart(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return value;
  }
}

export function authenticatedClient(
  world: World,
  org: Org,
  given: ClientCredentials,
): Client | 'unknown' | 'wrong_secret' {
  const client = given.clientId ? world.client(org.app, org.name, given.clientId) : undefined;
  if (!client) return 'unknown';
  if (client.publicClient && !given.clientSecret) return client;
  return client.clientSecret !== null && client.clientSecret === given.clientSecret ? client : 'wrong_secret';
}

export function allowsRedirect(client: Client, redirectUri: string): boolean {
  if (client.redirectUris !== 'any-loopback') return client.redirectUris.includes(redirectUri);
  try {
    const url = new URL(redirectUri);
    return url.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname) && url.hash === '';
  } catch {
    return false;
  }
}
