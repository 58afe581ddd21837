/** Opens what the gateway works with: store, Temporal client, public key. Nothing here can open a sealed secret. */
import { createEvents } from '#telemetry/events.js';
import type { Logger } from '#telemetry/logger.js';
import { createMetrics } from '#telemetry/metrics.js';
import { startMetricsServer } from '#telemetry/metrics-server.js';
import { connectStore } from '#store/connect-store.js';
import { EventLog } from '#store/events/event-log.js';
import { reportThisProcess } from '#store/report-this-process.js';
import { connectClient } from '#temporal/connect-client.js';
import { localPayloadCodec } from '#temporal/data-converter.js';
import { localPublicKeys } from '#vault/public-keyring.js';
import { createSealer } from '#vault/seal.js';
import type { GatewayConfig } from './config/gateway-config.js';
import { createGatewayLog } from './gateway-log.js';
import type { GatewayServices } from './ports.js';
import { guardedKeys } from './sealing-door.js';

export interface OpenServices {
  services: GatewayServices;
  close(): Promise<void>;
}

/** @throws Error with one line for the operator. */
export async function openServices(config: GatewayConfig, logger: Logger): Promise<OpenServices> {
  // Keys first: they are wrong in a moment or right for good, and need no network.
  const publicKeys = localPublicKeys(config);
  const codec = localPayloadCodec(config);
  const store = await connectStore({ uri: config.mongodbUri });
  const sealer = createSealer(guardedKeys(publicKeys, store));
  await store.format.claim();
  const keys = () => ({ payloadKeys: codec.keyIds(), sealingKeys: publicKeys.keyIds(), openingKeys: null });
  const reports = reportThisProcess(store, 'gateway', keys, logger);
  const temporal = connectClient(config.temporal, codec);
  const eventLog = new EventLog(store.events, logger);
  const metrics = createMetrics({ service: 'gateway' });
  const metricsServer = await startMetricsServer(metrics, config.metrics);
  const events = createEvents(logger, metrics);
  return {
    services: { config, store, client: temporal.client, sealer, events, eventLog, log: createGatewayLog(logger) },
    close: async () => {
      await Promise.all([reports.stop(), eventLog.close()]);
      await Promise.allSettled([temporal.close(), store.close(), metricsServer?.close()]);
    },
  };
}
