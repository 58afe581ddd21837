/**
 * Where Temporal is and how it is reached, by the SDK's own environment configuration: `TEMPORAL_ADDRESS`, `TEMPORAL_API_KEY`,
 * `TEMPORAL_TLS_…` (https://docs.temporal.io/references/client-environment-configuration).
 */
import { loadClientConfigProfile, toClientOptions, type ClientConfigProfile } from '@temporalio/envconfig';
import { readSettings, WrongSettings } from '#settings/read-settings.js';
import { TEMPORAL_SETTINGS } from '#settings/shared-settings.js';
import { readTextFile } from '../vault/secret-file.js';
import { certificateFaults } from './certificate-faults.js';
import type { TemporalAddress } from './connect-client.js';

/** The settings that name files. */
const FILES = [
  'TEMPORAL_CONFIG_FILE',
  'TEMPORAL_TLS_SERVER_CA_CERT_PATH',
  'TEMPORAL_TLS_CLIENT_CERT_PATH',
  'TEMPORAL_TLS_CLIENT_KEY_PATH',
] as const;

/**
 * Reads files too: certificates are judged here, so that a wrong one is said at boot and not by a handshake that fails.
 * @throws WrongSettings that names each variable at fault. No key and no certificate stands in it.
 */
export function readTemporal(environment: NodeJS.ProcessEnv, now = Date.now()): TemporalAddress {
  const env = readSettings(TEMPORAL_SETTINGS, environment);
  const missing = FILES.filter((name) => env[name] !== null && readTextFile(env[name]) === null);
  if (missing.length > 0)
    throw new WrongSettings(missing.map((name) => `${name} is "${env[name]}", and there is no such file.`));
  const profile = profileOf(environment);
  const { connectionOptions, namespace } = toClientOptions(profile);
  const tls = connectionOptions.tls ?? undefined;
  const faults = tls === undefined || tls === false ? [] : certificateFaults({ profile, tls, env, now });
  if (faults.length > 0) throw new WrongSettings(faults);
  const { apiKey, metadata } = connectionOptions;
  return {
    address: connectionOptions.address ?? TEMPORAL_SETTINGS.TEMPORAL_ADDRESS.otherwise,
    namespace: namespace ?? TEMPORAL_SETTINGS.TEMPORAL_NAMESPACE.otherwise,
    ...(tls !== undefined && tls !== false && { tls }),
    ...(apiKey !== undefined && { apiKey }),
    ...(metadata && Object.keys(metadata).length > 0 && { metadata: metadata as Record<string, string> }),
  };
}

/** A file in the home folder is not read unbidden: what it says of another cluster must not reach the server that `npm start` has started. */
function profileOf(environment: NodeJS.ProcessEnv): ClientConfigProfile {
  const own = Object.entries(environment).flatMap(([name, value]) =>
    name.startsWith('TEMPORAL_') && value !== undefined && (value.trim() !== '' || /GRPC_META/.test(name))
      ? [[name, value.trim()]]
      : [],
  );
  const env = Object.fromEntries([
    ...own,
    ...['HOME', 'XDG_CONFIG_HOME', 'APPDATA'].map((name) => [name, environment[name]]),
  ]) as Record<string, string>;
  const disableFile = !env['TEMPORAL_CONFIG_FILE'] && !env['TEMPORAL_PROFILE'];
  try {
    return loadClientConfigProfile({ overrideEnvVars: env, disableFile });
  } catch (error) {
    throw new WrongSettings([`TEMPORAL_CONFIG_FILE, TEMPORAL_PROFILE: ${(error as Error).message}.`]);
  }
}
