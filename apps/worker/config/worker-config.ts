/** The worker's settings, parsed once; a wrong one fails at boot with the name of the variable. */
import { resolve } from 'node:path';
import type { OriginMap } from '#domain/origin-map.js';
import type { Endpoint } from '#http/own-endpoints.js';
import { NO_PRIVATE_ADDRESSES, parsePrivateAddresses, type PrivateAddresses } from '#http/private-addresses.js';
import { readSettings } from '#settings/read-settings.js';
import type { ValuesOf } from '#settings/setting.js';
import { matching, readBy, text, webAddress, wholeNumber } from '#settings/setting-kinds.js';
import { SHARED_SETTINGS, TEMPORAL_SETTINGS } from '#settings/shared-settings.js';
import type { MetricsPlace } from '#telemetry/metrics-server.js';
import type { TemporalAddress } from '#temporal/connect-client.js';
import { readTemporal } from '#temporal/read-temporal.js';
import { SLOT_LIMITS } from '../activities/step-slots.js';
import { namedServers, ownServers } from './own-servers.js';

export const WORKER_SETTINGS = {
  ...SHARED_SETTINGS,
  ...TEMPORAL_SETTINGS,
  TEMPORAL_UI_ORIGIN: webAddress(),
  /** Origins and networks of self-hosted apps that the worker may call: the operator's decision. */
  HAWSER_ALLOW_PRIVATE_ADDRESSES: readBy<PrivateAddresses>(parsePrivateAddresses, {
    otherwise: NO_PRIVATE_ADDRESSES,
    allowed: 'origins and networks, separated by commas',
  }),
  /** What is never called, beside what the other settings name: the stack's own servers. */
  HAWSER_OWN_ADDRESSES: readBy<Endpoint[]>(namedServers, {
    otherwise: [],
    allowed: 'host:port each, separated by commas',
  }),
  HAWSER_CODEC_PORT: wholeNumber({ otherwise: null, least: 0, most: 65_535 }),
  HAWSER_CODEC_TOKEN: matching(/^.{16,}$/s, { otherwise: null, allowed: '16 characters or more', secret: true }),
  /** Instead of a port: a Unix socket in a private folder. Who reaches it needs no token. */
  HAWSER_CODEC_SOCKET: text(null),
  /** L: the longest time that a lease is believed. At most 30 s: disconnect is done after L + R (`workflows/connection/retiring.ts`). */
  HAWSER_LEASE_MS: wholeNumber({ otherwise: 30_000, least: 0, most: 30_000 }),
  /** R: no request to an app outlives it. At most 60 s, for the same reason. */
  HAWSER_REQUEST_MS: wholeNumber({ otherwise: 60_000, least: 0, most: 60_000 }),
  /** How long a token endpoint's answer is awaited once the request is out: it may be the only living token. */
  HAWSER_ANSWER_MS: wholeNumber({ otherwise: 120_000, least: 0 }),
  /** Steps of one connection at once on this worker (`activities/step-slots.ts`). */
  HAWSER_STEPS_PER_CONNECTION: wholeNumber({ otherwise: SLOT_LIMITS.perConnection, least: 1, most: SLOT_LIMITS.all }),
  /** Where the Temporal SDK serves its own metrics, beside ours; not set: off. */
  HAWSER_SDK_METRICS_PORT: wholeNumber({ otherwise: null, least: 1, most: 65_535 }),
  HAWSER_CACHED_WORKFLOWS: wholeNumber({ otherwise: 2_000, least: 10 }),
};

export interface WorkerConfig {
  dataDir: string;
  /** Where Prometheus asks; port null: nowhere. */
  metrics: MetricsPlace;
  sdkMetricsPort: number | null;
  temporal: TemporalAddress;
  temporalUiOrigin: string | null;
  mongoUri: string;
  originMap: OriginMap;
  privateAddresses: PrivateAddresses;
  ownServers: Endpoint[];
  codec: { port: number; token: string | undefined } | { socket: string } | null;
  leaseMs: number;
  requestMs: number;
  answerMs: number;
  cachedWorkflows: number;
  stepsPerConnection: number;
}

/** @throws WrongSettings that names each variable at fault, one line each. */
export function readWorkerConfig(environment: NodeJS.ProcessEnv): WorkerConfig {
  const env = readSettings(WORKER_SETTINGS, environment);
  const temporal = readTemporal(environment);
  return {
    dataDir: resolve(env.HAWSER_DATA),
    temporal,
    temporalUiOrigin: env.TEMPORAL_UI_ORIGIN,
    mongoUri: env.MONGODB_URI,
    originMap: env.HAWSER_ORIGIN_MAP,
    privateAddresses: env.HAWSER_ALLOW_PRIVATE_ADDRESSES,
    ownServers: ownServers({ ...env, TEMPORAL_ADDRESS: temporal.address }),
    codec: codecOf(env),
    leaseMs: env.HAWSER_LEASE_MS,
    requestMs: env.HAWSER_REQUEST_MS,
    answerMs: env.HAWSER_ANSWER_MS,
    cachedWorkflows: env.HAWSER_CACHED_WORKFLOWS,
    stepsPerConnection: env.HAWSER_STEPS_PER_CONNECTION,
    sdkMetricsPort: env.HAWSER_SDK_METRICS_PORT,
    metrics: { port: env.HAWSER_METRICS_PORT, bind: env.HAWSER_METRICS_BIND },
  };
}

function codecOf(env: ValuesOf<typeof WORKER_SETTINGS>): WorkerConfig['codec'] {
  if (env.HAWSER_CODEC_SOCKET !== null) return { socket: env.HAWSER_CODEC_SOCKET };
  if (env.HAWSER_CODEC_PORT === null) return null;
  return { port: env.HAWSER_CODEC_PORT, token: env.HAWSER_CODEC_TOKEN ?? undefined };
}
