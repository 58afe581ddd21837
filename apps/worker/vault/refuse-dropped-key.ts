import type { Store } from '#store/connect-store.js';
import type { HeldKeys } from '#vault/key-provider.js';

/**
 * A worker with an old copy of the keys would seal what it renews with a key that nobody else has. It must not begin: once the app has
 * answered, a token has to be stored.
 * @throws Error with one line for the operator.
 */
export async function refuseDroppedKey({ keyRecords }: Pick<Store, 'keyRecords'>, sealing: HeldKeys): Promise<void> {
  const [kid] = sealing.keyIds();
  if (kid === undefined || !(await keyRecords.get(kid))?.dropped) return;
  throw new Error(
    `vault.public.json is an old copy: its newest key "${kid}" was dropped. Give this worker the present files of keys/, then start it again.`,
  );
}
