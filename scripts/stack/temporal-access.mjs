import fs from 'node:fs';
import { ClearError } from './clear-error.mjs';

/** How the server of `TEMPORAL_ADDRESS` is reached; no business of the embedded one. */
const ACCESS = /^TEMPORAL_(API_KEY|TLS|TLS_.*|GRPC_META_.*|CONFIG_FILE|PROFILE)$/;

/** The environment without what belongs to somebody else's server: a key or a certificate of it must not go to the embedded one. */
export function withoutTemporalAccess(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ACCESS.test(name)));
}

/**
 * `{ tls, headers }` for a first call to the server of `TEMPORAL_ADDRESS`, read as Temporal's SDK does: that package is not installed
 * yet when this is needed. `tls`: options of `node:tls`, undefined for plain text.
 */
export function temporalAccess(env = process.env) {
  const key = env.TEMPORAL_API_KEY;
  const named = Object.keys(env).some((name) => /^TEMPORAL_TLS_(SERVER|CLIENT)/.test(name));
  const wished = env.TEMPORAL_TLS === undefined ? undefined : /^(1|true)$/.test(env.TEMPORAL_TLS);
  const tls = (wished ?? (named || key !== undefined)) || undefined;
  return {
    headers:
      key === undefined ? {} : { authorization: `Bearer ${key}`, 'temporal-namespace': env.TEMPORAL_NAMESPACE ?? '' },
    tls: tls && {
      ...(env.TEMPORAL_TLS_SERVER_NAME && { servername: env.TEMPORAL_TLS_SERVER_NAME }),
      ca: pem(env, 'TEMPORAL_TLS_SERVER_CA_CERT'),
      cert: pem(env, 'TEMPORAL_TLS_CLIENT_CERT'),
      key: pem(env, 'TEMPORAL_TLS_CLIENT_KEY'),
    },
  };
}

function pem(env, name) {
  if (env[`${name}_DATA`]) return env[`${name}_DATA`];
  const file = env[`${name}_PATH`];
  if (!file) return undefined;
  try {
    return fs.readFileSync(file);
  } catch (error) {
    throw new ClearError(`${name}_PATH is "${file}", which cannot be read (${error.code}).`);
  }
}
