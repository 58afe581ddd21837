/** What the endpoints work with. Made once in main.ts; tests give their own. */
import type { Client } from '@temporalio/client';
import type { ErrorCode } from '#domain/errors.js';
import type { Store } from '#store/connect-store.js';
import type { EventLog } from '#store/events/event-log.js';
import type { Events } from '#telemetry/events.js';
import type { Sealer } from '#vault/seal.js';
import type { GatewayConfig } from './config/gateway-config.js';

export interface GatewayLog {
  /** A request that failed on our side: the cause goes here and nowhere else. */
  failed(requestId: string, code: ErrorCode, failure: unknown): void;
  /** Something that a person should see, without failing the request. */
  warn(text: string, facts: Record<string, unknown>): void;
}

/** Injection token and type in one. */
export abstract class GatewayServices {
  abstract readonly config: GatewayConfig;
  abstract readonly store: Store;
  abstract readonly client: Client;
  abstract readonly sealer: Sealer;
  abstract readonly events: Events;
  /** What people do is noted there. */
  abstract readonly eventLog: Pick<EventLog, 'note'>;
  abstract readonly log: GatewayLog;
}
