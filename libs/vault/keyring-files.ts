/** The local keyring: `<dataDir>/keys/vault.private.json` (0600) and `vault.public.json`. Workers and operator scripts only. */
import { join } from 'node:path';
import { generateVaultKey } from './generate-vault-key.js';
import {
  parsePrivateKeyring,
  publicHalf,
  type PrivateKeyring,
  type PrivateVaultKey,
  type PublicKeyring,
} from './keyring.js';
import { privateKeysOf, type HeldKeys, type PrivateKeyProvider } from './key-provider.js';
import { publicKeyringPath, type KeyPlace } from './public-keyring.js';
import { keyringFile, readKeyringSetting } from './read-keyring-setting.js';
import { createFileOnce, fileStamp, readSecretFile, readTextFile, replaceFile, takeFileLock } from './secret-file.js';

export const privateKeyringPath = (dataDir: string): string => join(dataDir, 'keys', 'vault.private.json');

/**
 * Reads the private keyring from HAWSER_KEYRING_PRIVATE (JSON text or a path), else from its file.
 * @throws Error with one line for the operator, also when the file can be read by other users.
 */
export function readPrivateKeyring({ dataDir, env = process.env }: KeyPlace): PrivateKeyring {
  const setting = readKeyringSetting('HAWSER_KEYRING_PRIVATE', env, 'secret');
  if (setting) return parsePrivateKeyring(setting.text, setting.source);
  const path = privateKeyringPath(dataDir);
  const text = readSecretFile(path);
  if (text === null) throw new Error(`${path} does not exist. \`npm start\` makes it; or set HAWSER_KEYRING_PRIVATE.`);
  return parsePrivateKeyring(text, path);
}

/**
 * Makes both files when they are absent; existing ones are never overwritten. A missing public file is made from the private one.
 * Does nothing for a half that the environment gives.
 * @throws Error when only the public file is there: what it sealed could not be opened any more.
 */
export async function ensureVaultKeyring({ dataDir, env = process.env }: KeyPlace): Promise<void> {
  if (env['HAWSER_KEYRING_PRIVATE']) return;
  const privatePath = privateKeyringPath(dataDir);
  const publicPath = publicKeyringPath(dataDir);
  if (readSecretFile(privatePath) === null) {
    if (readTextFile(publicPath) !== null) {
      throw new Error(
        `${privatePath} is missing though ${publicPath} is there. Put the private keyring back from a backup.`,
      );
    }
    createFileOnce(privatePath, textOf({ keys: [await generateVaultKey()] }), 0o600);
  }
  // Read again: another process may have been the first, and the public half must belong to what is on disk.
  const keyring = readPrivateKeyring({ dataDir, env });
  createFileOnce(publicPath, textOf(publicHalf(keyring)), 0o644);
}

/**
 * Adds a new newest key to both files. The private file goes first: nothing is ever sealed to a key that workers cannot find.
 * @returns The kid of the new key.
 */
export async function rotateVaultKeyring(place: KeyPlace): Promise<string> {
  const key = await generateVaultKey();
  changeKeys(place, (keys) => [key, ...keys]);
  return key.kid;
}

/**
 * The first phase of a rotation: a further key that nobody seals with yet, at the end of both files.
 * @returns Its kid.
 */
export async function addVaultKey(place: KeyPlace): Promise<string> {
  const key = await generateVaultKey();
  changeKeys(place, (keys) => [...keys, key]);
  return key.kid;
}

/**
 * The third phase: from now on the key seals. The caller has made sure that every worker holds it.
 * @throws Error for one that is not there.
 */
export function useVaultKey(place: KeyPlace, kid: string): void {
  changeKeys(place, (keys) => {
    const key = keys.find((one) => one.kid === kid);
    if (!key) throw new Error(`There is no vault key "${kid}".`);
    return [key, ...keys.filter((one) => one !== key)];
  });
}

/**
 * Takes an old key out of both files. Its boxes do not open any more: the caller has made sure that none is left.
 * @throws Error for the newest key and for one that is not there.
 */
export function dropVaultKey(place: KeyPlace, kid: string): void {
  changeKeys(place, (keys) => {
    if (keys[0]?.kid === kid) throw new Error(`"${kid}" is the newest vault key. Rotate and re-seal first.`);
    if (!keys.some((key) => key.kid === kid)) throw new Error(`There is no vault key "${kid}".`);
    return keys.filter((key) => key.kid !== kid);
  });
}

function changeKeys(
  { dataDir, env = process.env }: KeyPlace,
  change: (keys: PrivateVaultKey[]) => PrivateVaultKey[],
): void {
  if (env['HAWSER_KEYRING_PRIVATE'] || env['HAWSER_KEYRING_PUBLIC']) {
    throw new Error(
      'The keyring comes from HAWSER_KEYRING_PRIVATE / HAWSER_KEYRING_PUBLIC. Rotate it where it is kept.',
    );
  }
  const release = takeFileLock(join(dataDir, 'keys', 'rotate.lock'));
  try {
    const keyring = { keys: change(readPrivateKeyring({ dataDir, env }).keys) };
    replaceFile(privateKeyringPath(dataDir), textOf(keyring), 0o600);
    replaceFile(publicKeyringPath(dataDir), textOf(publicHalf(keyring)), 0o644);
  } finally {
    release();
  }
}

/**
 * Private keys of the local keyring. An unknown kid makes it read the keyring again, so that running workers
 * learn of a rotation without a restart.
 */
export function localPrivateKeys(place: KeyPlace): PrivateKeyProvider & HeldKeys {
  const { dataDir, env = process.env } = place;
  const file = keyringFile('HAWSER_KEYRING_PRIVATE', env, privateKeyringPath(dataDir));
  let keyring = readPrivateKeyring(place);
  let keys = privateKeysOf(keyring);
  let readAt = Date.now();
  let stamp = '';
  const readAgain = (): void => {
    readAt = Date.now();
    keyring = readPrivateKeyring(place);
    keys = privateKeysOf(keyring);
  };
  return {
    async find(kid) {
      const known = await keys.find(kid);
      // Once a second at most: a damaged document must not make every look-up read a file.
      if (known || Date.now() - readAt < 1_000) return known;
      readAgain();
      return keys.find(kid);
    },
    keyIds() {
      const found = file === null ? '' : fileStamp(file);
      if (found !== stamp) {
        try {
          readAgain();
          stamp = found;
        } catch {
          // What is held is told; the next look tries again.
        }
      }
      return keyring.keys.map(({ kid }) => kid);
    },
  };
}

/**
 * Start-up check: every public key has its private half in the keyring, so that nothing is sealed that nobody can open.
 * @throws Error that names the kid.
 */
export function assertKeyringsMatch(publicKeyring: PublicKeyring, privateKeyring: PrivateKeyring): void {
  const own = new Map(privateKeyring.keys.map((key) => [key.kid, key]));
  for (const { kid, x, y } of publicKeyring.keys) {
    const match = own.get(kid);
    if (match?.x !== x || match.y !== y)
      throw new Error(`The public vault key "${kid}" has no private half in the private keyring.`);
  }
}

function textOf(keyring: PublicKeyring | PrivateKeyring): string {
  return `${JSON.stringify(keyring, null, 2)}\n`;
}
