/** API keys: `hk_` and 32 random bytes. Only the SHA-256 is stored. */
import { createHash, randomBytes } from 'node:crypto';

const KEY_FORM = /^hk_[A-Za-z0-9_-]{43}$/;

export interface FreshApiKey {
  key: string;
  hash: string;
  /** First characters, for people. */
  prefix: string;
}

export function mintApiKey(): FreshApiKey {
  const key = `hk_${randomBytes(32).toString('base64url')}`;
  return { key, hash: hashApiKey(key), prefix: key.slice(0, 9) };
}

/**
 * The key is found by its hash, so no comparison of ours sees the key itself: how long a look-up takes tells at most
 * something about hashes, which a caller cannot choose.
 */
export const hashApiKey = (key: string): string => createHash('sha256').update(key).digest('hex');

/** The key of an Authorization header (RFC 6750 section 2.1), or null when there is none of our form. */
export function readBearerKey(header: string | undefined): string | null {
  const key = /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1];
  return key !== undefined && KEY_FORM.test(key) ? key : null;
}
