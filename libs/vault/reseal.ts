import type { SealBinding, Sealed } from '#domain/sealed.js';
import type { Opener } from './open.js';
import type { Sealer } from './seal.js';
import { sealedKeyId } from './sealed-key-id.js';

/**
 * Seals a box again with the newest key. The caller stores the result by compare-and-set on the old text, so that a
 * rotation may run while everything is in use.
 * @param newestKid Id of the newest key.
 * @returns The new box, or null when the old one already has the newest key.
 * @throws HawserError `key_missing`, `vault_damaged` (see `Opener.open`).
 */
export async function reseal(
  opener: Opener,
  sealer: Sealer,
  newestKid: string,
  sealed: Sealed,
  binding: SealBinding,
): Promise<Sealed | null> {
  if (sealedKeyId(sealed) === newestKid) return null;
  return sealer.seal(await opener.open(sealed, binding), binding);
}
