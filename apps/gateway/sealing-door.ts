/** The door of the vault: nothing is sealed that nobody can open. */
import { HawserError } from '#domain/errors.js';
import type { Store } from '#store/connect-store.js';
import type { PublicKeyProvider } from '#vault/public-keyring.js';

/** What workers hold is asked so often at most; they report as often. */
const KNOWN_FOR_MS = 5_000;

/**
 * Public keys that refuse to seal (`key_missing`) with a key that was dropped, or that no living worker holds. Whether one was dropped is
 * asked each time: a gateway that comes back with an old copy of the keys must not seal a single box. While no worker lives nobody can
 * tell, and the key counts as good.
 */
export function guardedKeys(
  keys: PublicKeyProvider,
  { keyRecords, processes }: Pick<Store, 'keyRecords' | 'processes'>,
): PublicKeyProvider {
  let known = { at: -Infinity, opening: [] as string[][] };
  const openable = async (kid: string): Promise<boolean> => {
    const found = (): boolean => known.opening.some((held) => held.includes(kid));
    if (performance.now() - known.at > KNOWN_FOR_MS || !found()) {
      const living = await processes.living();
      known = {
        at: performance.now(),
        opening: living.flatMap(({ openingKeys }) => (openingKeys ? [openingKeys] : [])),
      };
    }
    return known.opening.length === 0 || found();
  };
  return {
    async newest() {
      const newest = await keys.newest();
      if ((await keyRecords.get(newest.kid))?.dropped) throw refused(newest.kid, 'was dropped');
      if (!(await openable(newest.kid))) throw refused(newest.kid, 'is held by no living worker');
      return newest;
    },
  };
}

const refused = (kid: string, why: string): HawserError =>
  new HawserError(
    'key_missing',
    `This gateway seals with the vault key "${kid}", which ${why}: nobody could open it, so nothing was stored. Give the gateway the present vault.public.json, then repeat.`,
  );
