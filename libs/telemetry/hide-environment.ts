/**
 * Keeps secrets of the environment out of what Node itself writes: a diagnostic report (`--report-on-fatalerror`, on a signal) holds
 * the process's whole environment, and there is no option against it before Node 22.13.
 */

/** Settings whose value is or may hold a secret: keyrings, keys, tokens, headers, and a database address with a password in it. */
const SECRET_SETTING = /KEYRING|TOKEN|SECRET|PASSWORD|API_?KEY|KEY_DATA|CODEC_AUTH|GRPC_META|MONGODB_URI/i;

/** Settings of ours and of the Temporal SDK. `TEMPORAL_GRPC_META_X=` has a meaning: it takes a header out. */
const OWN_SETTING = /^(HAWSER_|MONGODB_URI$|TEMPORAL_(?!GRPC_META_))/;

/**
 * From now on `process.env` is a copy, and the secrets are in it alone. A blank setting is not in it: `NAME=` means "not set", whoever
 * reads it. To be called before anything else.
 */
export function hideSecretSettings(): void {
  const real = process.env;
  // A plain object: what is deleted below is deleted from the process's own environment (unsetenv), not from here.
  process.env = { ...real };
  for (const [name, value] of Object.entries(real))
    if (OWN_SETTING.test(name) && value?.trim() === '') delete process.env[name];
  for (const name of Object.keys(real)) if (SECRET_SETTING.test(name)) delete real[name];
}
