import type { z } from 'zod';
import type { ConnectorSchema, ConnectorSummarySchema } from '#contract/connectors/connector-shape.js';
import type { ConnectorManifest } from '#connector-sdk/manifest.js';

export function summaryOf({
  app,
  name,
  description,
  documentationUrl,
  auth,
}: ConnectorManifest): z.infer<typeof ConnectorSummarySchema> {
  return { app, name, description, documentationUrl, authType: auth.type };
}

export function connectorOf(manifest: ConnectorManifest): z.infer<typeof ConnectorSchema> {
  const { auth, settings, triggers, actions, picklists } = manifest;
  return { ...summaryOf(manifest), scopes: auth.scopes, settings, triggers, actions, picklists };
}
