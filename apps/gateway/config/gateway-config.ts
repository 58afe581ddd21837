/** The gateway's settings, read once from the environment at boot. A wrong one stops the boot with its name. */
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import type { OriginMap } from '#domain/origin-map.js';
import { readSettings } from '#settings/read-settings.js';
import { listOf, text, wholeNumber } from '#settings/setting-kinds.js';
import { SHARED_SETTINGS, TEMPORAL_SETTINGS } from '#settings/shared-settings.js';
import type { MetricsPlace } from '#telemetry/metrics-server.js';
import type { TemporalAddress } from '#temporal/connect-client.js';
import { readTemporal } from '#temporal/read-temporal.js';

export interface GatewayConfig {
  dataDir: string;
  /** Where Prometheus asks; port null: nowhere. */
  metrics: MetricsPlace;
  port: number;
  /** Address of the socket; loopback unless set (a container needs 0.0.0.0). */
  bind: string;
  /** How browsers reach this gateway; no slash at the end. */
  publicUrl: string;
  temporal: TemporalAddress;
  mongodbUri: string;
  originMap: OriginMap;
  /** Further names for the Host check. */
  hosts: string[];
  /** Requests a minute and API key. */
  rateLimit: number;
  /** How long a gateway that is told to stop says so, and serves on, before it takes no more (ms). */
  drainMs: number;
  /** Addresses and networks of reverse proxies whose X-Forwarded-For is believed; empty = none. */
  trustedProxies: string[];
}

export const GATEWAY_SETTINGS = {
  ...SHARED_SETTINGS,
  ...TEMPORAL_SETTINGS,
  HAWSER_GATEWAY_BIND: text('127.0.0.1'),
  HAWSER_HOSTS: listOf('names of hosts, separated by commas', (entry) => /^[^\s/]+$/.test(entry)),
  HAWSER_RATE_LIMIT: wholeNumber({ otherwise: 600, least: 1 }),
  HAWSER_DRAIN_MS: wholeNumber({ otherwise: 0, least: 0, most: 60_000 }),
  HAWSER_TRUSTED_PROXIES: listOf('addresses or networks, such as 10.0.0.7, 10.1.0.0/16', isNetwork),
};

/** @throws WrongSettings that names each variable at fault, one line each. */
export function readGatewayConfig(environment: NodeJS.ProcessEnv): GatewayConfig {
  const env = readSettings(GATEWAY_SETTINGS, environment);
  return {
    dataDir: resolve(env.HAWSER_DATA),
    port: env.HAWSER_GATEWAY_PORT,
    bind: env.HAWSER_GATEWAY_BIND,
    publicUrl: env.HAWSER_PUBLIC_URL ?? `http://127.0.0.1:${env.HAWSER_GATEWAY_PORT}`,
    temporal: readTemporal(environment),
    mongodbUri: env.MONGODB_URI,
    originMap: env.HAWSER_ORIGIN_MAP,
    hosts: env.HAWSER_HOSTS,
    rateLimit: env.HAWSER_RATE_LIMIT,
    drainMs: env.HAWSER_DRAIN_MS,
    trustedProxies: env.HAWSER_TRUSTED_PROXIES,
    metrics: { port: env.HAWSER_METRICS_PORT, bind: env.HAWSER_METRICS_BIND },
  };
}

/** An address, or one with the length of its network. */
function isNetwork(entry: string): boolean {
  const [address = '', length, ...rest] = entry.split('/');
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  if (bits < 0 || rest.length > 0) return false;
  return length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= bits);
}
