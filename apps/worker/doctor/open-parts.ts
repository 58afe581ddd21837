/** Opens the parts that the checks need, each by itself: a system that is half down is what the doctor is for. */
import { connectStore } from '#store/connect-store.js';
import { connectClient } from '#temporal/connect-client.js';
import { localPayloadCodec } from '#temporal/data-converter.js';
import { requireTemporal } from '#temporal/require-temporal.js';
import { localPrivateKeys } from '#vault/keyring-files.js';
import { createOpener } from '#vault/open.js';
import type { WorkerConfig } from '../config/worker-config.js';
import type { Parts } from './check.js';
import { problem, type Finding } from './finding.js';

export interface OpenedParts {
  parts: Partial<Parts>;
  /** Why a part is not there. */
  findings: Finding[];
  close(): Promise<void>;
}

export async function openParts(config: WorkerConfig): Promise<OpenedParts> {
  const findings: Finding[] = [];
  const closers: (() => Promise<void>)[] = [];
  const store = await attempt(findings, storeAway, () => connectStore({ uri: config.mongoUri }));
  if (store) closers.push(() => store.close());
  const codec = await attempt(findings, keysUnread('payload keyring'), async () => localPayloadCodec(config));
  const vaultKeys = await attempt(findings, keysUnread('vault keyring'), async () =>
    createOpener(localPrivateKeys(config)),
  );
  const temporal = codec && connectClient(config.temporal, codec);
  if (temporal) closers.push(() => temporal.close());
  const answers =
    temporal &&
    (await attempt(findings, temporalAway(config), async () => {
      await requireTemporal(temporal.client, config.temporal);
      return true;
    }));
  const parts = {
    ...(store && { store }),
    ...(vaultKeys && { vaultKeys }),
    ...(answers && { temporal: temporal.client }),
  };
  return { parts, findings, close: async () => void (await Promise.allSettled(closers.map((close) => close()))) };
}

async function attempt<T>(
  findings: Finding[],
  explain: (message: string) => Finding,
  open: () => Promise<T>,
): Promise<T | null> {
  try {
    return await open();
  } catch (error) {
    findings.push(explain(error instanceof Error ? error.message : String(error)));
    return null;
  }
}

const storeAway = (message: string): Finding =>
  problem('store_unreachable', null, {
    what: `MongoDB cannot be reached: ${message}`,
    why: 'Credentials, projections and recipes live there: nothing can be renewed or changed.',
    next: 'Start the database, or correct MONGODB_URI.',
  });

const temporalAway =
  ({ temporal }: WorkerConfig) =>
  (message: string): Finding =>
    /no such namespace/.test(message)
      ? problem('namespace_missing', temporal.namespace, {
          what: `Temporal at ${temporal.address} has no namespace "${temporal.namespace}".`,
          why: 'Every connection, recipe and job runs in it.',
          next: 'Correct TEMPORAL_NAMESPACE, or create the namespace; after a lost database run `npm run doctor -- --rebuild`.',
        })
      : problem('temporal_unreachable', null, {
          what: `Temporal cannot be used: ${message}`,
          why: 'No connection is renewed and no job runs while it is away. Nothing is lost by waiting.',
          next: 'Start Temporal, or correct the setting that is named.',
        });

const keysUnread =
  (name: string) =>
  (message: string): Finding =>
    problem('keys_unreadable', name, {
      what: `The ${name} cannot be read: ${message}`,
      why:
        name === 'payload keyring'
          ? 'Without it nobody can read what Temporal keeps.'
          : 'Without it no credential can be opened.',
      next: 'Do what the message says, or put the file back from a backup.',
    });
