/** Opens the app client of a connection for one call. */
import type { OAuthClient } from '#auth/oauth2-authorization-code.js';
import { HawserError } from '#domain/errors.js';
import type { ConnectionActivityDeps } from './deps.js';

/** Id and secret of the app client. Throws `client_rejected` (an operator's matter) when there is none any more. */
export async function oauthClientOf(
  deps: Pick<ConnectionActivityDeps, 'store' | 'opener'>,
  workspaceId: string,
  appClientId: string | null,
): Promise<OAuthClient> {
  const document = appClientId === null ? null : await deps.store.appClients.get(workspaceId, appClientId);
  if (!document)
    throw new HawserError('client_rejected', 'The connection has no app client any more. Choose one in its settings.');
  const clientSecret =
    document.sealedSecret === null
      ? null
      : await deps.opener.open<string>(document.sealedSecret, {
          workspaceId,
          subject: document._id,
          purpose: 'client_secret',
          version: 1,
        });
  return { clientId: document.clientId, clientSecret };
}
