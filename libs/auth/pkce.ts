/** PKCE (RFC 7636). */
import { createHash, randomBytes } from 'node:crypto';

/** A verifier of 64 characters: base64url has no `~`, which some apps refuse (X/Twitter) although RFC 7636 section 4.1 allows it. */
export function createVerifier(): string {
  return randomBytes(48).toString('base64url');
}

/** The S256 challenge of a verifier (RFC 7636 section 4.2). */
export function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier, 'ascii').digest('base64url');
}
