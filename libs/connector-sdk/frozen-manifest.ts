/** Freezing what an authorization is begun with, and reading a manifest by what was frozen. Pure. */
import type { Frozen } from '#domain/frozen.js';
import { fillTemplate } from './authorize-url.js';
import type { ConnectorManifest } from './manifest.js';

/** Settings, app client and filled addresses, as they are at this moment. */
export function freeze(
  { auth }: ConnectorManifest,
  { settings, appClientId }: Pick<Frozen, 'settings' | 'appClientId'>,
): Frozen {
  const token = fillTemplate(auth.tokenUrl, auth, settings);
  const revocation = auth.revocation === undefined ? null : fillTemplate(auth.revocation.url, auth, settings);
  return { settings, appClientId, addresses: { token, revocation } };
}

/** The manifest with the frozen addresses in it: a newer build's templates count for the next authorization. */
export function frozenManifest(manifest: ConnectorManifest, { addresses }: Frozen): ConnectorManifest {
  if (addresses === undefined) return manifest;
  const { auth } = manifest;
  const { revocation } = addresses;
  return {
    ...manifest,
    auth: {
      ...auth,
      tokenUrl: addresses.token,
      ...(auth.revocation !== undefined &&
        revocation !== null && { revocation: { ...auth.revocation, url: revocation } }),
    },
  };
}
