import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { connectionWorkflowId } from '#domain/ids.js';
import type { Lease } from '#domain/lease.js';
import type { Store } from '#store/connect-store.js';
import type { CredentialDocument } from '#store/documents.js';
import { credentialsQuery } from '#workflows/connection/messages.js';
import type { ConnectionState } from '#workflows/connection/state.js';
import { ask } from '../../ask-workflow.js';
import type { Check } from '../check.js';
import { problem, type Finding } from '../finding.js';
import { lookAtAll } from '../look-at-all.js';

/** A renewal stores its version a moment before its actor tells of it: what disagrees is looked at again. */
const LOOKS = 3;
const BETWEEN_LOOKS_MS = 1_500;

export type Disagreement =
  { kind: 'missing'; version: number; newestOlder: number | null } | { kind: 'newer'; version: number };

/** Whether the vault holds what the actor serves, and nothing newer of the same grant. Pure. */
export function compareVersions(
  lease: Lease,
  stored: Pick<CredentialDocument, 'version' | 'facts'>[],
): Disagreement | null {
  if (lease.kind === 'no') return null;
  const { version, grantId } = lease;
  const ofGrant = stored.filter(({ facts }) => facts.grantId === grantId).map((one) => one.version);
  const newest = Math.max(0, ...ofGrant);
  if (newest > version) return { kind: 'newer', version: newest };
  return stored.some((one) => one.version === version)
    ? null
    : { kind: 'missing', version, newestOlder: newest || null };
}

export type AskedConnection = Pick<ConnectionState, 'workspaceId' | 'connectionId'>;

/** How the actor's own words differ from the vault, lastingly; null = they agree, or there is no such actor. */
export async function disagreementOf(
  client: Client,
  store: Store,
  { workspaceId, connectionId }: AskedConnection,
): Promise<Disagreement | null | 'unanswered'> {
  let found: Disagreement | null = null;
  for (let look = 0; look < LOOKS; look += 1) {
    if (look > 0) await pause(BETWEEN_LOOKS_MS);
    const lease = await ask(client, connectionWorkflowId(workspaceId, connectionId), credentialsQuery);
    if (lease === 'unanswered') return lease;
    if (lease === 'lost') return null;
    found = compareVersions(
      lease,
      lease.kind === 'no' ? [] : await store.credentials.listOfConnection(workspaceId, connectionId),
    );
    if (found === null) return null;
  }
  return found;
}

export const vaultVersions: Check = {
  name: 'vault and actors agree',
  needs: ['store', 'temporal'],
  async run({ store, temporal, survey }) {
    const { found } = await lookAtAll(await survey.connections(), async ({ state }) => {
      const disagreement = await disagreementOf(temporal, store, state);
      return disagreement === 'unanswered' ? disagreement : { state, disagreement };
    });
    return found.flatMap(({ state, disagreement }) =>
      disagreement === null || isTold(state, disagreement) ? [] : [explain(state, disagreement)],
    );
  },
};

/** Where the projection knows the newer version, the actor is older than its projection: one trouble, told by that check. */
const isTold = ({ credential }: ConnectionState, { kind, version }: Disagreement): boolean =>
  kind === 'newer' && credential !== null && credential.version >= version;

function explain({ connectionId, name }: ConnectionState, { kind, version }: Disagreement): Finding {
  const subject = `"${name}" (${connectionId})`;
  if (kind === 'newer') {
    return problem('vault_newer', connectionId, {
      what: `The vault holds version ${version} of the connection ${subject}, which its actor does not know.`,
      why: 'The actor would spend a refresh token that was used already; some apps then end the whole grant.',
      next: 'Run `npm run doctor -- --rebuild`: the actor takes over what the vault holds.',
    });
  }
  return problem('credential_missing', connectionId, {
    what: `The vault does not hold version ${version} of the connection ${subject}, which is in force.`,
    why: 'The database is older than the actor (restored from a backup?), or a document was removed: the connection cannot be used.',
    next: 'Restore the document from a newer backup. Without one run `npm run doctor -- --rebuild`: it goes on with an older version where the app does not rotate its tokens; else the connection says `rotation_lost`, and somebody reconnects it.',
  });
}
