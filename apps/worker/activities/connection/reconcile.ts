/** Compares the vault with a rebuilt actor (docs/decisions.md, "The projection"). */
import type { ReconcileOutcome } from '#workflows/connection/activities.js';
import type { ConnectionState } from '#workflows/connection/state.js';
import type { ConnectionActivityDeps } from './deps.js';
import { projectAfter } from './project.js';
import { temporalNow } from '../../temporal-time.js';

export async function reconcileActivity(
  deps: ConnectionActivityDeps,
  { state }: { state: ConnectionState },
): Promise<ReconcileOutcome> {
  const { workspaceId, connectionId, grant } = state;
  const stored = await deps.store.credentials.listOfConnection(workspaceId, connectionId);
  const ofGrant = stored
    .filter((document) => document.facts.grantId === grant?.grantId)
    .sort((a, b) => b.version - a.version);
  const outcome: ReconcileOutcome = {
    at: temporalNow(),
    newest: ofGrant[0]?.facts ?? null,
    highest: stored.reduce((highest, document) => Math.max(highest, document.version), state.nextVersion - 1),
  };
  deps.events.actorRebuilt({ workspaceId, connectionId, app: state.app, generation: state.generation });
  await projectAfter(deps, state, { type: 'reconciled', outcome });
  return outcome;
}
