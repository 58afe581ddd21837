/** Reading the public keyring: what the gateway needs, and all that it may have of the vault's keys. */
import { join } from 'node:path';
import { parsePublicKeyring, type PublicKeyring } from './keyring.js';
import { publicKeysOf, type HeldKeys, type PublicKeyProvider } from './key-provider.js';
import { keyringFile, readKeyringSetting } from './read-keyring-setting.js';
import { fileStamp, readTextFile } from './secret-file.js';

export type { PublicKeyProvider } from './key-provider.js';

/** Where Hawser keeps its keys, and the environment that wins over it. */
export interface KeyPlace {
  /** The data folder; keys lie in `<dataDir>/keys`. */
  dataDir: string;
  env?: NodeJS.ProcessEnv;
}

export const publicKeyringPath = (dataDir: string): string => join(dataDir, 'keys', 'vault.public.json');

/**
 * Reads the public keyring from HAWSER_KEYRING_PUBLIC (JSON text or a path), else from `<dataDir>/keys/vault.public.json`.
 * @throws Error with one line for the operator.
 */
export function readPublicKeyring({ dataDir, env = process.env }: KeyPlace): PublicKeyring {
  const setting = readKeyringSetting('HAWSER_KEYRING_PUBLIC', env, 'public');
  if (setting) return parsePublicKeyring(setting.text, setting.source);
  const path = publicKeyringPath(dataDir);
  const text = readTextFile(path);
  if (text === null)
    throw new Error(`${path} does not exist. \`npm start\` or a worker makes it; or set HAWSER_KEYRING_PUBLIC.`);
  return parsePublicKeyring(text, path);
}

/** So often at most the file is looked at; after a rotation the old key seals for so long at most. */
export const PUBLIC_KEY_LOOK_MS = 1_000;

/**
 * Public keys of the local keyring. A file that was replaced (a rotation) is read again, so that running processes seal to the new
 * key without a restart. One that cannot be read at that moment leaves the keys as they are.
 */
export function localPublicKeys(place: KeyPlace): PublicKeyProvider & HeldKeys {
  const { dataDir, env = process.env } = place;
  const file = keyringFile('HAWSER_KEYRING_PUBLIC', env, publicKeyringPath(dataDir));
  const stampNow = (): string => (file === null ? '' : fileStamp(file));
  let stamp = stampNow();
  let keyring = readPublicKeyring(place);
  let keys = publicKeysOf(keyring);
  let lookedAt = Date.now();
  const follow = (): void => {
    if (Date.now() - lookedAt < PUBLIC_KEY_LOOK_MS) return;
    lookedAt = Date.now();
    const found = stampNow();
    const fresh = found === stamp ? null : readAgain(place);
    if (fresh === null) return;
    [keyring, stamp] = [fresh, found];
    keys = publicKeysOf(fresh);
  };
  return {
    newest() {
      follow();
      return keys.newest();
    },
    keyIds() {
      follow();
      return keyring.keys.map(({ kid }) => kid);
    },
  };
}

function readAgain(place: KeyPlace): PublicKeyring | null {
  try {
    return readPublicKeyring(place);
  } catch {
    return null;
  }
}
