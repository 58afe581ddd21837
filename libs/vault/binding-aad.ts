import type { SealBinding } from '#domain/sealed.js';

/**
 * The canonical form of a binding, used as JWE additional authenticated data (RFC 7516, 5.1 step 14).
 * A JSON array of fixed order: no two bindings share a text, whatever characters their parts hold.
 */
export function bindingAad(binding: SealBinding): Uint8Array {
  const { workspaceId, subject, purpose, version } = binding;
  return new TextEncoder().encode(JSON.stringify(['hawser.seal.1', workspaceId, subject, purpose, version]));
}
