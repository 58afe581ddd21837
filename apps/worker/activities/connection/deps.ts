/** What the connection's activities need of the process; put together in worker-deps.ts. */
import type { Client } from '@temporalio/client';
import type { Connector } from '#connector-sdk/connector.js';
import type { Http } from '#http/http.js';
import type { Store } from '#store/connect-store.js';
import type { EventLog } from '#store/events/event-log.js';
import type { Events } from '#telemetry/events.js';
import type { Logger } from '#telemetry/logger.js';
import type { Opener } from '#vault/open.js';
import type { CredentialVault } from '../../vault/credential-vault.js';

export interface ConnectionActivityDeps {
  store: Store;
  vault: CredentialVault;
  opener: Opener;
  http: Http;
  connectors: Readonly<Record<string, Connector>>;
  client: Client;
  events: Events;
  eventLog: Pick<EventLog, 'tell'>;
  logger: Logger;
  /** How long the answer of a token request is awaited. */
  answerMs: number;
}

/** The connector of an app. A state that names an unknown app comes from a newer build: an operator must look. */
export function connectorOf(deps: Pick<ConnectionActivityDeps, 'connectors'>, app: string): Connector {
  const connector = deps.connectors[app];
  if (!connector) throw new Error(`This worker has no connector "${app}".`);
  return connector;
}
