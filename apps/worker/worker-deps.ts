/** Puts the worker together: keys, store, vault, sockets, connectors, activities. The composition root. */
import type { Client } from '@temporalio/client';
import { connectors } from '#connectors/registry.js';
import { createHttp } from '#http/create-http.js';
import type { Http } from '#http/http.js';
import { createMappingPool, type MappingPool } from '#mapping/mapping-pool.js';
import { connectStore, type Store } from '#store/connect-store.js';
import { EventLog } from '#store/events/event-log.js';
import { reportThisProcess } from '#store/report-this-process.js';
import { ensureIndexes } from '#store/ensure-indexes.js';
import { createEvents, type Events } from '#telemetry/events.js';
import type { Logger } from '#telemetry/logger.js';
import { createMetrics, type Metrics } from '#telemetry/metrics.js';
import { connectClient } from '#temporal/connect-client.js';
import { localPayloadCodec } from '#temporal/data-converter.js';
import { localPrivateKeys } from '#vault/keyring-files.js';
import { createOpener, type Opener } from '#vault/open.js';
import { localPublicKeys } from '#vault/public-keyring.js';
import { createSealer } from '#vault/seal.js';
import type { PayloadCodec } from '@temporalio/common';
import type { WorkerConfig } from './config/worker-config.js';
import { refuseDroppedKey } from './vault/refuse-dropped-key.js';
import type { CredentialVault } from './vault/credential-vault.js';
import { createStoreVault } from './vault/store-vault.js';
import { temporalNow } from './temporal-time.js';

export interface WorkerDeps {
  config: WorkerConfig;
  codec: PayloadCodec;
  client: Client;
  store: Store;
  vault: CredentialVault;
  opener: Opener;
  http: Http;
  mappings: MappingPool;
  answerMs: number;
  connectors: typeof connectors;
  events: Events;
  eventLog: EventLog;
  metrics: Metrics;
  logger: Logger;
  close(): Promise<void>;
}

/** Opens everything that the activities need. Throws one-line errors that say what to do. */
export async function openWorkerDeps(config: WorkerConfig, logger: Logger): Promise<WorkerDeps> {
  const keys = { dataDir: config.dataDir };
  const codec = localPayloadCodec(keys);
  const [privateKeys, publicKeys] = [localPrivateKeys(keys), localPublicKeys(keys)];
  const opener = createOpener(privateKeys);
  const sealer = createSealer(publicKeys);
  const store = await connectStore({ uri: config.mongoUri });
  await refuseDroppedKey(store, publicKeys);
  await store.format.claim();
  const held = () => ({
    payloadKeys: codec.keyIds(),
    sealingKeys: publicKeys.keyIds(),
    openingKeys: privateKeys.keyIds(),
  });
  const reports = reportThisProcess(store, 'worker', held, logger);
  await ensureIndexes(store.db);
  const temporal = connectClient(config.temporal, codec);
  const http = createHttp({
    originMap: config.originMap,
    privateAddresses: config.privateAddresses,
    own: config.ownServers,
    now: temporalNow,
  });
  const mappings = createMappingPool({
    onTrouble: (lastWords) =>
      logger.error({ lastWords }, 'A process for mappings did not come up. It is started again.'),
  });
  const metrics = createMetrics({ service: 'worker' });
  const eventLog = new EventLog(store.events, logger);
  return {
    config,
    codec,
    client: temporal.client,
    store,
    vault: createStoreVault({ credentials: store.credentials, intents: store.intents, sealer, opener }),
    opener,
    http,
    mappings,
    answerMs: config.answerMs,
    connectors,
    events: createEvents(logger, metrics),
    eventLog,
    metrics,
    logger,
    close: async () => {
      await mappings.close();
      await reports.stop();
      await http.close();
      await temporal.close();
      await eventLog.close();
      await store.close();
    },
  };
}
