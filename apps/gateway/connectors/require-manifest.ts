import type { ConnectorManifest } from '#connector-sdk/manifest.js';
import { findManifest } from '#connectors/manifests.js';
import { invalidFields } from '../problems/schema-issues.js';

/** The manifest of an app that a request body names; `request_invalid` when there is none. */
export function requireManifest(app: string, pointer = '/app'): ConnectorManifest {
  const manifest = findManifest(app);
  if (!manifest)
    throw invalidFields([
      { pointer, detail: `There is no app "${app.slice(0, 60)}". GET /v1/connectors lists the apps.` },
    ]);
  return manifest;
}
