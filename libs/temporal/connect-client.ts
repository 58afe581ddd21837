/** The Temporal client of gateway, worker and scripts. */
import { Client, Connection } from '@temporalio/client';
import type { PayloadCodec } from '@temporalio/common';
import type { TLSConfig } from '@temporalio/common/lib/internal-non-workflow';
import { createDataConverter } from './data-converter.js';

/** Where Temporal is. */
export interface TemporalAddress {
  /** `host:port`. */
  address: string;
  namespace: string;
  /** Temporal Cloud and clusters behind TLS. */
  tls?: TLSConfig | true;
  apiKey?: string;
  /** Headers of each request. */
  metadata?: Record<string, string>;
}

export interface TemporalClient {
  client: Client;
  close(): Promise<void>;
}

/** gRPC's own pauses between dials grow to two minutes: so long would an outage that is over be felt. */
const RECONNECT = {
  'grpc.initial_reconnect_backoff_ms': 200,
  'grpc.min_reconnect_backoff_ms': 1_000,
  'grpc.max_reconnect_backoff_ms': 2_000,
};

/** Makes a client. The connection is lazy: the first call opens it, so that a process may start before Temporal does. */
export function connectClient(
  { address, namespace, tls, apiKey, metadata }: TemporalAddress,
  codec: PayloadCodec,
): TemporalClient {
  const connection = Connection.lazy({ address, tls, apiKey, metadata, channelArgs: RECONNECT });
  const client = new Client({ connection, namespace, dataConverter: createDataConverter(codec) });
  return { client, close: () => connection.close() };
}
