/** Opening: workers only. The gateway must never reach this file (dependency-cruiser watches over it). */
import { base64url, flattenedDecrypt, type FlattenedJWE } from 'jose';
import { HawserError } from '#domain/errors.js';
import type { SealBinding, Sealed } from '#domain/sealed.js';
import { bindingAad } from './binding-aad.js';
import { privateKeysOf, SEAL_ALGORITHM, type PrivateKeyProvider } from './key-provider.js';
import type { PrivateKeyring } from './keyring.js';
import { sealedKeyId } from './sealed-key-id.js';

export interface Opener {
  /**
   * Opens a box under the binding that the caller expects.
   * @throws HawserError `key_missing` (its key is not in the keyring) or `vault_damaged` (it does not open, or is bound to
   * something else). Neither message nor cause ever holds content.
   */
  open<T>(sealed: Sealed, binding: SealBinding): Promise<T>;
}

/** Makes an opener over a private keyring, or over another provider of private keys. */
export function createOpener(keys: PrivateKeyring | PrivateKeyProvider): Opener {
  const provider = 'keys' in keys ? privateKeysOf(keys) : keys;
  return {
    async open<T>(sealed: Sealed, binding: SealBinding): Promise<T> {
      const kid = sealedKeyId(sealed);
      if (kid === null) throw damaged(binding);
      const key = await provider.find(kid);
      if (!key)
        throw new HawserError(
          'key_missing',
          `The key "${shown(kid)}" that sealed the ${binding.purpose} of ${binding.subject} is not in the keyring. Put it back.`,
        );
      try {
        // The box's own `aad` is replaced by the expected one: a box that was copied to another place does not open.
        const jwe = { ...(JSON.parse(sealed) as FlattenedJWE), aad: base64url.encode(bindingAad(binding)) };
        const { plaintext } = await flattenedDecrypt(jwe, key, {
          keyManagementAlgorithms: [SEAL_ALGORITHM],
          contentEncryptionAlgorithms: ['A256GCM'],
        });
        return JSON.parse(new TextDecoder().decode(plaintext)) as T;
      } catch {
        // The cause is dropped on purpose: a JSON error quotes the text that it could not read.
        throw damaged(binding);
      }
    },
  };
}

function damaged(binding: SealBinding): HawserError {
  return new HawserError(
    'vault_damaged',
    `The sealed ${binding.purpose} of ${binding.subject} (version ${binding.version}) cannot be opened. Restore it from a backup, or reconnect.`,
  );
}

/** A kid comes from a document that may be damaged: only a short plain text is repeated in messages. */
function shown(kid: string): string {
  return /^[\w.-]{1,64}$/.test(kid) ? kid : '(unreadable)';
}
