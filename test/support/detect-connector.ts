/** A connector whose app says everything with status 200: errors are told apart by detect patterns over the body alone (AS-14). */
import type { Classification, Connector } from '#connector-sdk/connector.js';
import { zendeskManifest } from '#connectors/zendesk/manifest.js';

/** `refresh`: the body means that the session has expired; the request was refused before anything was done. */
const PATTERNS: { pattern: RegExp; refresh: boolean }[] = [
  { pattern: /"error"\s*:\s*"session[ _]expired"/i, refresh: true },
  { pattern: /"ok"\s*:\s*false/i, refresh: false },
];

function classify(_: unknown, { text }: { text: string }): Classification {
  const found = PATTERNS.find(({ pattern }) => pattern.test(text));
  if (!found) return { kind: 'ok' };
  return {
    kind: 'error',
    code: found.refresh ? 'access_token_rejected' : 'app_rejected_request',
    refusedBeforeProcessing: true,
    appMessage: text.slice(0, 200),
  };
}

/** Stands in for Zendesk's connector: the grant and its renewal are real. */
export const detectConnector = {
  manifest: zendeskManifest,
  authorize: (headers: Record<string, string>, accessToken: string) => ({
    ...headers,
    authorization: `Bearer ${accessToken}`,
  }),
  classify,
} as unknown as Connector;
