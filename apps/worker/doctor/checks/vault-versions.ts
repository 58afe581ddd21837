import { groupBy } from '../group-by.js';
import { setTimeout as pause } from 'node:timers/promises';
import type { Store } from '#store/connect-store.js';
import type { CredentialDocument } from '#store/documents.js';
import type { ConnectionState } from '#workflows/connection/state.js';
import type { Check } from '../check.js';
import { problem, type Finding } from '../finding.js';

/** A renewal stores its version a moment before the projection tells of it: what disagrees is looked at again. */
const LOOKS = 3;
const BETWEEN_LOOKS_MS = 1_500;

export type Disagreement = { kind: 'missing'; version: number } | { kind: 'newer'; version: number };

/** Whether the vault holds what the actor serves, and nothing newer of the same grant. Pure. */
export function compareVersions(state: ConnectionState, stored: Pick<CredentialDocument, 'version' | 'facts'>[]): Disagreement | null {
  const { credential, grant, status } = state;
  const serves = status === 'connected' || status === 'degraded';
  if (!serves || credential === null || grant === null) return null;
  const { version } = credential;
  const newer = stored.filter((one) => one.version > version && one.facts.grantId === grant.grantId).map((one) => one.version);
  if (newer.length > 0) return { kind: 'newer', version: Math.max(...newer) };
  return stored.some((one) => one.version === version) ? null : { kind: 'missing', version };
}

export const vaultVersions: Check = {
  name: 'vault and actors agree',
  needs: ['store'],
  async run({ store, survey }) {
    const stored = groupBy(
      (await survey.places()).flatMap(({ credential }) => credential ?? []),
      ({ connectionId }) => connectionId,
    );
    const findings: Finding[] = [];
    for (const { state } of await survey.connections()) {
      if (compareVersions(state, stored.get(state.connectionId) ?? []) === null) continue;
      const lasting = await lookAgain(store, state);
      if (lasting !== null) findings.push(explain(state, lasting));
    }
    return findings;
  },
};

async function lookAgain(store: Store, { workspaceId, connectionId }: ConnectionState): Promise<Disagreement | null> {
  let found: Disagreement | null = null;
  for (let look = 0; look < LOOKS; look += 1) {
    if (look > 0) await pause(BETWEEN_LOOKS_MS);
    const stored = await store.credentials.listOfConnection(workspaceId, connectionId);
    const document = await store.connections.get(workspaceId, connectionId);
    if (document === null || document.deleted) return null;
    found = compareVersions(JSON.parse(document.state) as ConnectionState, stored);
    if (found === null) return null;
  }
  return found;
}

function explain({ connectionId, name }: ConnectionState, { kind, version }: Disagreement): Finding {
  const subject = `"${name}" (${connectionId})`;
  if (kind === 'newer') {
    return problem('vault_newer', connectionId, {
      what: `The vault holds version ${version} of the connection ${subject}, which its actor does not know.`,
      why: 'The actor (restored from a backup?) would spend a refresh token that was used already; some apps then end the whole grant.',
      next: 'Run `npm run doctor -- --rebuild`: the actor takes over what the vault holds.',
    });
  }
  return problem('credential_missing', connectionId, {
    what: `The vault does not hold version ${version} of the connection ${subject}, which is in force.`,
    why: 'The database is older than the actor, or a document was removed: the connection cannot be used.',
    next: 'Restore the document from a newer backup, or reconnect. Where the app does not rotate its tokens, `npm run doctor -- --rebuild` goes on with an older version.',
  });
}
