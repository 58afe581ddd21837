/** Reading the public keyring: what the gateway needs, and all that it may have of the vault's keys. */
import { join } from 'node:path';
import { parsePublicKeyring, type PublicKeyring } from './keyring.js';
import { readKeyringSetting } from './read-keyring-setting.js';
import { readTextFile } from './secret-file.js';

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
