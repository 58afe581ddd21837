/** An openid-client Configuration from a manifest's templates: no discovery, the app's facts are data of ours. */
import * as openid from 'openid-client';
import { fillTemplate } from '#connector-sdk/authorize-url.js';
import type { OAuth2Manifest } from '#connector-sdk/manifest.js';

/** `fetch` is the only way out for it. */
export function openidConfiguration(
  auth: OAuth2Manifest,
  settings: Record<string, string>,
  client: { clientId: string; clientSecret: string | null },
  fetch: openid.CustomFetch,
): openid.Configuration {
  const tokenUrl = fillTemplate(auth.tokenUrl, auth, settings);
  const revocation = auth.revocation?.kind === 'rfc7009' ? fillTemplate(auth.revocation.url, auth, settings) : null;
  const server: openid.ServerMetadata = {
    // openid-client wants an issuer; it is compared with nothing here, since id_tokens are left out and `iss` is checked before.
    issuer: new URL(tokenUrl).origin,
    token_endpoint: tokenUrl,
    ...(revocation === null ? {} : { revocation_endpoint: revocation }),
  };
  const configuration = new openid.Configuration(
    server,
    client.clientId,
    undefined,
    clientAuthentication(auth, client.clientSecret),
  );
  configuration[openid.customFetch] = fetch;
  // Whether plain http may be dialled is decided in libs/http alone.
  if (tokenUrl.startsWith('http:')) openid.allowInsecureRequests(configuration);
  return configuration;
}

function clientAuthentication(auth: OAuth2Manifest, secret: string | null): openid.ClientAuth {
  if (secret === null) return openid.None();
  return auth.clientAuthentication === 'client_secret_basic'
    ? openid.ClientSecretBasic(secret)
    : openid.ClientSecretPost(secret);
}
