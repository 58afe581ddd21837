/** Sealing: needs public keys only, so the gateway may do it (docs/decisions.md, "Secrets"). */
import { FlattenedEncrypt } from 'jose';
import type { SealBinding, Sealed } from '#domain/sealed.js';
import { bindingAad } from './binding-aad.js';
import { publicKeysOf, SEAL_ALGORITHM, type PublicKeyProvider } from './key-provider.js';
import type { PublicKeyring } from './keyring.js';

export interface Sealer {
  /**
   * Seals a JSON value to the newest public key, bound to `binding`.
   * @returns A flattened JWE (RFC 7516, 7.2.2) as JSON text; its protected header names alg, enc and kid.
   */
  seal(plaintext: unknown, binding: SealBinding): Promise<Sealed>;
}

/** Makes a sealer over a public keyring, or over another provider of public keys. */
export function createSealer(keys: PublicKeyring | PublicKeyProvider): Sealer {
  const provider = 'keys' in keys ? publicKeysOf(keys) : keys;
  return {
    async seal(plaintext, binding) {
      const text = JSON.stringify(plaintext);
      if (text === undefined) throw new TypeError('Only JSON values can be sealed.');
      const { kid, key } = await provider.newest();
      const jwe = await new FlattenedEncrypt(new TextEncoder().encode(text))
        .setProtectedHeader({ alg: SEAL_ALGORITHM, enc: 'A256GCM', kid })
        .setAdditionalAuthenticatedData(bindingAad(binding))
        .encrypt(key);
      return JSON.stringify(jwe) as Sealed;
    },
  };
}
