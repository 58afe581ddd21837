/** Runs a store operation: repeats it when the way to the database broke, and names the failure when that does not help. */
import { setTimeout as pause } from 'node:timers/promises';
import { HawserError } from '#domain/errors.js';
import { isDuplicateKey } from './duplicate-key.js';

/** What an unreachable database means: the vault's nouns wait for the operator, all others are repeated by the caller. */
export type StoreFault = 'temporarily_unavailable' | 'vault_unavailable';

const TRIES = 3;
const PAUSE_MS = 150;

/** The driver does not repeat writes on FerretDB (rule 17), so we do; names of driver and mongoose errors. */
const UNREACHABLE = new Set([
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoServerSelectionError',
  'MongooseServerSelectionError',
  'MongoNotConnectedError',
  'MongoServerClosedError',
  'MongoTopologyClosedError',
  'MongoClientClosedError',
  'MongoExpiredSessionError',
  'MongoStalePrimaryError',
  'MongoPoolClearedError',
  'PoolClearedOnNetworkError',
  'MongoPoolClosedError',
  'MongoWaitQueueTimeoutError',
  'MongoOperationTimeoutError',
]);
/** Labels by which driver and server say themselves that it may be repeated. */
const REPEATABLE_LABELS = [
  'RetryableWriteError',
  'RetryableError',
  'SystemOverloadedError',
  'PoolRequestedRetry',
  'ResetPool',
];
/**
 * Server answers that pass: not primary, shutting down, time limit, write concern, a cursor that a restart took along;
 * 1 = FerretDB's "database or disk is full".
 */
const PASSING_CODES = new Set([
  1, 6, 7, 43, 50, 64, 89, 91, 133, 134, 189, 237, 262, 9001, 10107, 11600, 11602, 13435, 13436,
]);

/** Whether the database could not be reached or could not serve at the moment. */
export function isStoreFault(error: unknown): boolean {
  if (isDuplicateKey(error)) return false;
  const { name, code, message } = (error ?? {}) as { name?: string; code?: unknown; message?: unknown };
  if (name && UNREACHABLE.has(name)) return true;
  if (name?.startsWith('Mongo') && hasLabel(error)) return true;
  if (name?.startsWith('Mongo') && typeof code === 'number' && PASSING_CODES.has(code)) return true;
  // `bufferCommands: false`: the connection was lost or never made.
  return name === 'MongooseError' && typeof message === 'string' && message.includes('initial connection');
}

function hasLabel(error: unknown): boolean {
  const { errorLabels } = error as { errorLabels?: unknown };
  return Array.isArray(errorLabels) && REPEATABLE_LABELS.some((label) => errorLabels.includes(label));
}

/**
 * Runs a repeatable operation, at most three times.
 * @param operation Gets the number of the try (0 = first): from the second on, an earlier try may have been done.
 * @throws HawserError `fault` when the database does not serve; anything else as it came.
 */
export async function runOperation<T>(fault: StoreFault, operation: (attempt: number) => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await operation(attempt);
    } catch (error) {
      if (!isStoreFault(error)) throw error;
      if (attempt + 1 >= TRIES) throw new HawserError(fault, undefined, { cause: error });
      await pause(PAUSE_MS * (attempt + 1) * (0.5 + Math.random()));
    }
  }
}
