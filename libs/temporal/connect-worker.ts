import { NativeConnection } from '@temporalio/worker';
import type { TemporalAddress } from './connect-client.js';

/**
 * The connection that Temporal workers poll on. Close it after every worker's `run()` has ended.
 * @throws The SDK's TransportError when Temporal cannot be reached.
 */
export async function connectWorker({ address, tls, apiKey }: TemporalAddress): Promise<NativeConnection> {
  return NativeConnection.connect({ address, tls, apiKey });
}
