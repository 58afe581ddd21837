import { readSecretFile, readTextFile } from './secret-file.js';

/** The file that a keyring is read from, so that a change of it can be noticed; null when the setting holds the keys themselves. */
export function keyringFile(name: string, env: NodeJS.ProcessEnv, otherwise: string): string | null {
  const value = env[name]?.trim();
  if (!value) return otherwise;
  return value.startsWith('{') ? null : value;
}

/**
 * Value of a keyring setting: JSON text, or the path of a file with it.
 * @returns Text and where it came from (for messages), or null when the setting is absent.
 */
export function readKeyringSetting(
  name: string,
  env: NodeJS.ProcessEnv,
  kind: 'secret' | 'public',
): { text: string; source: string } | null {
  const value = env[name]?.trim();
  if (!value) return null;
  if (value.startsWith('{')) return { text: value, source: name };
  const text = kind === 'secret' ? readSecretFile(value) : readTextFile(value);
  if (text === null) throw new Error(`${name} names the file ${value}, which does not exist.`);
  return { text, source: value };
}
