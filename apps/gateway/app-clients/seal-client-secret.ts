import type { Sealed } from '#domain/sealed.js';
import type { Sealer } from '#vault/seal.js';

/** Bound to its app client: in another document it does not open. Null for a public client. */
export async function sealClientSecret(
  sealer: Sealer,
  workspaceId: string,
  appClientId: string,
  secret: string | null,
): Promise<Sealed | null> {
  if (secret === null) return null;
  return sealer.seal(secret, { workspaceId, subject: appClientId, purpose: 'client_secret', version: 1 });
}
