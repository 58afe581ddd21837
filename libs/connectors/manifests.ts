/** App -> what its connector says of itself as data. Imports no code of a connector: the gateway may read this. */
import type { ConnectorManifest } from '#connector-sdk/manifest.js';
import { salesforceManifest } from './salesforce/manifest.js';
import { zendeskManifest } from './zendesk/manifest.js';

export const manifests: Readonly<Record<string, ConnectorManifest>> = {
  salesforce: salesforceManifest,
  zendesk: zendeskManifest,
};

/** The manifest of an app, or null when there is none of that name. */
export function findManifest(app: string): ConnectorManifest | null {
  return Object.hasOwn(manifests, app) ? (manifests[app] ?? null) : null;
}
