/** What gateway and worker tell of themselves, and how they end where a newer build has written. */
import type { Logger } from '#telemetry/logger.js';
import type { Store } from './connect-store.js';
import type { ProcessDocument } from './documents.js';
import { startProcessReports } from './report-process.js';
import { olderBuild } from './format-store.js';
import { STORE_FORMAT } from './store-format.js';

/** Reports until `stop`. A newer build in the store ends this process in order: what is in hand is stored first, in a format that it reads. */
export function reportThisProcess(
  { processes, format }: Pick<Store, 'processes' | 'format'>,
  kind: ProcessDocument['kind'],
  keys: () => Pick<ProcessDocument, 'payloadKeys' | 'sealingKeys' | 'openingKeys'>,
  logger: Logger,
): { stop(): Promise<void> } {
  return startProcessReports({
    processes,
    format,
    kind,
    facts: () => ({ ...keys(), storeFormat: STORE_FORMAT }),
    onOlder: (present) => {
      logger.fatal(olderBuild(STORE_FORMAT, present));
      process.kill(process.pid, 'SIGTERM');
    },
    onTrouble: (error) => logger.warn({ error }, `The store does not take what this ${kind} tells of itself.`),
  });
}
