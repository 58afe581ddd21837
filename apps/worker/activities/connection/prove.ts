/** Proves one credential version at the app: accepted or not, whose it is, which requirements are met. */
import { HawserError } from '#domain/errors.js';
import type { CredentialFacts } from '#domain/grant.js';
import type { VerifyResult } from '#connector-sdk/connector.js';
import { SecretMask } from '#telemetry/secret-mask.js';
import { fixedContext } from '../../app-calls/fixed-context.js';
import type { CredentialSecret } from '../../vault/credential-vault.js';
import type { ConnectionActivityDeps } from './deps.js';
import { connectorOf } from './deps.js';

export interface ProveInput {
  app: string;
  settings: Record<string, string>;
  facts: CredentialFacts;
  secret: CredentialSecret;
  accountId: string;
  requirements: string[];
}

/** Resolves with the connector's judgement; throws HawserError when the app gave none (time-out, 5xx, 429), or refused for a named reason. */
export async function prove(
  deps: Pick<ConnectionActivityDeps, 'connectors' | 'http'>,
  input: ProveInput,
): Promise<VerifyResult> {
  const connector = connectorOf(deps, input.app);
  const context = fixedContext({
    http: deps.http,
    connector,
    accessToken: input.secret.accessToken,
    mask: SecretMask.of(input.secret.accessToken, input.secret.refreshToken),
    facts: {
      instanceUrl: input.facts.instanceUrl,
      settings: input.settings,
      scopes: input.facts.scopes,
      accountId: input.accountId,
    },
  });
  try {
    return await connector.verify(context, input.requirements);
  } catch (error) {
    if (!(error instanceof HawserError) || error.code !== 'access_token_rejected') throw error;
    const nobody = { id: '', label: '' };
    const { evidence } = error.options;
    const instance = { ...nobody, url: '' };
    return { accepted: false, account: nobody, instance, missing: [], satisfied: [], ...(evidence && { evidence }) };
  }
}
