/** App -> connector. The worker's way in; the gateway reads manifests.ts alone. */
import type { Connector } from '#connector-sdk/connector.js';
import { salesforceConnector } from './salesforce/salesforce-connector.js';
import { zendeskConnector } from './zendesk/zendesk-connector.js';

export const connectors: Readonly<Record<string, Connector>> = {
  salesforce: salesforceConnector,
  zendesk: zendeskConnector,
};

/** The connector of an app, or null when there is none of that name. */
export function findConnector(app: string, among = connectors): Connector | null {
  return Object.hasOwn(among, app) ? (among[app] ?? null) : null;
}
