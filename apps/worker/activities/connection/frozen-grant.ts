/** A grant as its calls see it: connector, settings and app client of its own authorization. */
import type { Connector } from '#connector-sdk/connector.js';
import { freeze, frozenManifest } from '#connector-sdk/frozen-manifest.js';
import type { ConnectorManifest } from '#connector-sdk/manifest.js';
import type { Frozen } from '#domain/frozen.js';
import type { ConnectionActivityDeps } from './deps.js';
import { connectorOf } from './deps.js';

export interface FrozenGrant {
  connector: Connector;
  /** With the frozen addresses. */
  manifest: ConnectorManifest;
  settings: Record<string, string>;
  frozen: Frozen;
}

/** A grant of an older build has no addresses yet: they are filled now, and kept with its next version. */
export function frozenGrant(deps: Pick<ConnectionActivityDeps, 'connectors'>, app: string, kept: Frozen): FrozenGrant {
  const connector = connectorOf(deps, app);
  const frozen = kept.addresses === undefined ? freeze(connector.manifest, kept) : kept;
  return { connector, manifest: frozenManifest(connector.manifest, frozen), settings: frozen.settings, frozen };
}
