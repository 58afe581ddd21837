import { HawserError } from '#domain/errors.js';
import { sealedKeyId } from '#vault/sealed-key-id.js';
import type { SealedPlace } from '../../keys/sealed-places.js';
import type { Check } from '../check.js';
import { problem, type Finding } from '../finding.js';

/** Opens every box of the vault and drops what it finds at once. */
export const vaultBoxes: Check = {
  name: 'everything sealed opens',
  needs: ['store', 'vaultKeys'],
  async run({ survey, vaultKeys }) {
    const findings: Finding[] = [];
    for (const place of await survey.places()) {
      try {
        await vaultKeys.open(place.sealed, place.binding);
      } catch (error) {
        if (!(error instanceof HawserError)) throw error;
        findings.push(error.code === 'key_missing' ? keyMissing(place) : damaged(place));
      }
    }
    return findings;
  },
};

const keyMissing = ({ name, sealed, binding }: SealedPlace): Finding =>
  problem('key_missing', name, {
    what: `The key "${sealedKeyId(sealed)}" that sealed ${name} (${binding.purpose} of ${binding.subject}) is not in the keyring.`,
    why: 'What it sealed cannot be used; jobs wait. Nobody needs to reconnect once the key is back.',
    next: 'Put the key back into the private keyring from a backup; workers find it within a second.',
  });

const damaged = ({ name, binding }: SealedPlace): Finding =>
  problem('vault_damaged', name, {
    what: `${name} (${binding.purpose} of ${binding.subject}) does not open: it was changed, or copied from another place.`,
    why: WHY[binding.purpose],
    next:
      binding.purpose === 'client_secret'
        ? 'Restore the document from a backup; or give the app client its secret again (PATCH /v1/app-clients/:id).'
        : binding.purpose === 'credential'
          ? 'Restore the document from a backup (of this version: an older one does not open in its place), or reconnect.'
          : 'Authorize again: the attempt that it belongs to cannot be finished.',
  });

const WHY: Record<SealedPlace['binding']['purpose'], string> = {
  client_secret: 'No connection of this app client can be renewed.',
  credential: 'The connection cannot be used; its jobs wait.',
  verifier: 'The authorization under way cannot be finished.',
  answer: 'The authorization under way cannot be finished.',
};
