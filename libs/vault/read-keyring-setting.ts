import { readSecretFile, readTextFile } from './secret-file.js';

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
