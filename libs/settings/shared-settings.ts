/** The settings that gateway and worker share. What only one of them has stands in its `config` folder. */
import { parseOriginMap, type OriginMap } from '#domain/origin-map.js';
import { matching, oneOf, readBy, text, webAddress, wholeNumber } from './setting-kinds.js';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

export const SHARED_SETTINGS = {
  HAWSER_DATA: text('.data'),
  MONGODB_URI: matching(/^mongodb(\+srv)?:\/\/[^/]/, {
    otherwise: 'mongodb://127.0.0.1:27317/hawser',
    allowed: 'an address that begins with mongodb:// or mongodb+srv://',
    secret: true,
  }),
  HAWSER_ORIGIN_MAP: readBy<OriginMap>(originMapOf, {
    otherwise: [],
    allowed: 'a JSON object of origin -> address',
  }),
  // Not 0: links and redirects are made of the port before anything listens.
  HAWSER_GATEWAY_PORT: wholeNumber({ otherwise: 3_000, least: 1, most: 65_535 }),
  HAWSER_PUBLIC_URL: webAddress(),
  /** A port of its own, for Prometheus alone; not set: off. */
  HAWSER_METRICS_PORT: wholeNumber({ otherwise: null, least: 1, most: 65_535 }),
  HAWSER_METRICS_BIND: text('127.0.0.1'),
  // Read by the logger too; here so that a wrong one is said before anything is logged.
  HAWSER_LOG_LEVEL: oneOf(LOG_LEVELS, 'info'),
};

const PEM = 'text of a PEM file (-----BEGIN …)';
const certificate = () => matching(/^-----BEGIN CERTIFICATE-----/, { otherwise: null, allowed: PEM });
const privateKey = () =>
  matching(/^-----BEGIN [A-Z ]*PRIVATE KEY-----/, { otherwise: null, allowed: PEM, secret: true });

/** Temporal's own settings, by the names that its SDKs and its CLI have for them. `libs/temporal/read-temporal.ts` makes an address of them. */
export const TEMPORAL_SETTINGS = {
  TEMPORAL_ADDRESS: matching(/^([^\s:/]+|\[[0-9a-f:.]+\]):\d{1,5}$/i, {
    otherwise: '127.0.0.1:7233',
    allowed: 'host:port, such as temporal.example:7233',
  }),
  TEMPORAL_NAMESPACE: text('hawser'),
  TEMPORAL_API_KEY: text(null, { secret: true }),
  TEMPORAL_TLS: oneOf(['true', 'false', '1', '0'], null),
  TEMPORAL_TLS_SERVER_NAME: matching(/^[^\s/:]+$/, { otherwise: null, allowed: 'the name of a host' }),
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: text(null),
  TEMPORAL_TLS_SERVER_CA_CERT_DATA: certificate(),
  TEMPORAL_TLS_CLIENT_CERT_PATH: text(null),
  TEMPORAL_TLS_CLIENT_CERT_DATA: certificate(),
  TEMPORAL_TLS_CLIENT_KEY_PATH: text(null),
  TEMPORAL_TLS_CLIENT_KEY_DATA: privateKey(),
  // Temporal's SDK for TypeScript knows it and does nothing: whoever sets it would believe that it holds.
  TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: oneOf(['false', '0'], null),
  TEMPORAL_CONFIG_FILE: text(null),
  TEMPORAL_PROFILE: text(null),
};

function originMapOf(value: string): OriginMap {
  const parsed: unknown = JSON.parse(value);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new Error('no object');
  return parseOriginMap(value);
}
