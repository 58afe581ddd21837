import { decodeProtectedHeader } from 'jose';
import type { Sealed } from '#domain/sealed.js';

/** The id of the key that a box was sealed to; null when the text is no such box. Reads the header only. */
export function sealedKeyId(sealed: Sealed): string | null {
  try {
    return decodeProtectedHeader(JSON.parse(sealed) as object).kid ?? null;
  } catch {
    return null;
  }
}
