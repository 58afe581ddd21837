import { createHash, createPrivateKey, createPublicKey, createSign, generateKeyPairSync } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { AccessToken, User } from '../core/types.js';
import type { World } from '../core/world.js';
import { orgId } from './ids.js';
import { identityUrl, ownUrl, type Site } from './site.js';

interface SigningKey {
  kid: string;
  pem: string;
}

/** One RSA key for all orgs, made at first need and kept. */
function signingKey(world: World): SigningKey {
  const rows = world.shared.collection<SigningKey>('signingKeys');
  const known = rows.get('salesforce');
  if (known) return known;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return rows.set('salesforce', { kid: createHash('sha256').update(pem).digest('hex').slice(0, 8), pem });
}

export function publicKeys(world: World): { keys: Record<string, unknown>[] } {
  const { kid, pem } = signingKey(world);
  const jwk = createPublicKey(createPrivateKey(pem)).export({ format: 'jwk' });
  return { keys: [{ kty: 'RSA', n: jwk.n, e: jwk.e, alg: 'RS256', use: 'sig', kid }] };
}

export function idToken(
  site: Site,
  request: FastifyRequest,
  clientId: string,
  user: User,
  access: AccessToken,
  nonce: string | null,
): string {
  const { kid, pem } = signingKey(site.world);
  const now = Math.floor(access.issuedAt / 1_000);
  const claims = {
    at_hash: createHash('sha256').update(access.token).digest().subarray(0, 16).toString('base64url'),
    sub: identityUrl(site, request, user.id),
    aud: clientId,
    // As the discovery document of the host that was asked says.
    iss: ownUrl(site, request),
    exp: now + 120,
    iat: now,
    ...(nonce === null ? {} : { nonce }),
    organization_id: orgId(site.org),
    preferred_username: user.username,
  };
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = `${part({ typ: 'JWT', alg: 'RS256', kid })}.${part(claims)}`;
  const token = `${head}.${createSign('RSA-SHA256').update(head).sign(pem, 'base64url')}`;
  site.world.secrets.add(token);
  return token;
}
