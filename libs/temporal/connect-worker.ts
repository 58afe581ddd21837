import { NativeConnection } from '@temporalio/worker';
import type { TemporalAddress } from './connect-client.js';
import { explainTemporal } from './require-temporal.js';

/**
 * The connection that Temporal workers poll on. Close it after every worker's `run()` has ended.
 * @throws Error with one sentence that names the variable at fault, when Temporal cannot be reached.
 */
export async function connectWorker(temporal: TemporalAddress): Promise<NativeConnection> {
  const { address, tls, apiKey, metadata } = temporal;
  try {
    return await NativeConnection.connect({
      address,
      ...(tls && { tls }),
      ...(apiKey !== undefined && { apiKey }),
      ...(metadata && { metadata }),
    });
  } catch (error) {
    throw new Error(await explainTemporal(temporal, error), { cause: error });
  }
}
