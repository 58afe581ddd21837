import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import { SEAL_ALGORITHM } from './key-provider.js';
import type { PrivateVaultKey } from './keyring.js';

/** Makes a new private key. Its kid is the beginning of its thumbprint (RFC 7638): public and private half agree on it. */
export async function generateVaultKey(): Promise<PrivateVaultKey> {
  const { privateKey } = await generateKeyPair(SEAL_ALGORITHM, { crv: 'P-256', extractable: true });
  const jwk = await exportJWK(privateKey);
  const kid = `vault-${(await calculateJwkThumbprint(jwk)).slice(0, 16)}`;
  return { kty: 'EC', crv: 'P-256', kid, x: jwk.x!, y: jwk.y!, d: jwk.d! };
}
