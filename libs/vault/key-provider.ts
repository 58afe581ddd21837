/**
 * The port behind which keys live. The local keyring is the embedded default; a KMS or HashiCorp Vault implements the same two types.
 */
import { importJWK, type CryptoKey } from 'jose';
import type { PrivateKeyring, PublicKeyring } from './keyring.js';

export const SEAL_ALGORITHM = 'ECDH-ES+A256KW';

/** Public keys: enough to seal. */
export interface PublicKeyProvider {
  newest(): Promise<{ kid: string; key: CryptoKey }>;
}

/** Private keys, by id. */
export interface PrivateKeyProvider {
  /** The key, or null when the provider does not have it. */
  find(kid: string): Promise<CryptoKey | null>;
}

/** What a process tells of the keys that it holds. */
export interface HeldKeys {
  /** Ids of the keys of this moment; of public ones the first seals. */
  keyIds(): string[];
}

/** Provider over a public keyring that is already in memory. */
export function publicKeysOf(keyring: PublicKeyring): PublicKeyProvider {
  const [jwk] = keyring.keys;
  if (!jwk) throw new Error('The public keyring is empty.');
  let imported: Promise<CryptoKey> | undefined;
  return {
    async newest() {
      imported ??= importJWK(jwk, SEAL_ALGORITHM) as Promise<CryptoKey>;
      return { kid: jwk.kid, key: await imported };
    },
  };
}

/** Provider over a private keyring that is already in memory. */
export function privateKeysOf(keyring: PrivateKeyring): PrivateKeyProvider {
  const imported = new Map<string, Promise<CryptoKey>>();
  return {
    async find(kid) {
      const jwk = keyring.keys.find((key) => key.kid === kid);
      if (!jwk) return null;
      if (!imported.has(kid)) imported.set(kid, importJWK(jwk, SEAL_ALGORITHM) as Promise<CryptoKey>);
      return (await imported.get(kid)) ?? null;
    },
  };
}
