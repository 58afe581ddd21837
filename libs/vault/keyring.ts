/** Keyrings of the vault: JWK sets, newest key first. P-256 for ECDH-ES+A256KW (RFC 7518, 4.6). */
import type { JWK } from 'jose';

export interface PublicVaultKey extends JWK {
  kty: 'EC';
  crv: 'P-256';
  kid: string;
  x: string;
  y: string;
}

export interface PrivateVaultKey extends PublicVaultKey {
  d: string;
}

export interface PublicKeyring {
  keys: PublicVaultKey[];
}

export interface PrivateKeyring {
  keys: PrivateVaultKey[];
}

/**
 * Parses a public keyring. Refuses private members, so that a private keyring handed to the gateway by mistake is noticed.
 * @param source Where the text came from, for the message.
 * @throws Error with one line that names the source, never its content.
 */
export function parsePublicKeyring(text: string, source: string): PublicKeyring {
  const keys = parseKeys(text, source);
  if (keys.some((key) => 'd' in key)) {
    throw new Error(`${source}: this is a private keyring. The public one is needed here.`);
  }
  return { keys: keys as unknown as PublicVaultKey[] };
}

/** Parses a private keyring; see `parsePublicKeyring`. */
export function parsePrivateKeyring(text: string, source: string): PrivateKeyring {
  const keys = parseKeys(text, source);
  if (keys.some((key) => typeof key['d'] !== 'string')) throw new Error(`${source}: a key has no private part.`);
  return { keys: keys as unknown as PrivateVaultKey[] };
}

/** The public half of a private keyring, in the same order. */
export function publicHalf(keyring: PrivateKeyring): PublicKeyring {
  return { keys: keyring.keys.map(({ kty, crv, kid, x, y }) => ({ kty, crv, kid, x, y })) };
}

function parseKeys(text: string, source: string): Record<string, unknown>[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new Error(`${source}: this is not JSON. A JWK set {"keys": [...]} is needed.`);
  }
  const keys = (parsed as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(keys) || keys.length === 0)
    throw new Error(`${source}: a JWK set {"keys": [...]} with at least one key is needed.`);
  const seen = new Set<string>();
  for (const key of keys as Record<string, unknown>[]) {
    const sound =
      key?.['kty'] === 'EC' &&
      key['crv'] === 'P-256' &&
      ['kid', 'x', 'y'].every((name) => typeof key[name] === 'string' && key[name] !== '');
    if (!sound) throw new Error(`${source}: every key must be a JWK of kty EC, crv P-256 with kid, x and y.`);
    if (seen.has(key['kid'] as string)) throw new Error(`${source}: two keys have the kid "${String(key['kid'])}".`);
    seen.add(key['kid'] as string);
  }
  return keys as Record<string, unknown>[];
}
