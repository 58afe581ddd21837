/** Compares the vault with a rebuilt actor, and vault and projection with one whose run was reset (docs/decisions.md, "The projection"). */
import type { ReconcileOutcome } from '#workflows/connection/activities.js';
import type { ConnectionState } from '#workflows/connection/state.js';
import type { ConnectionActivityDeps } from './deps.js';
import { projectAfter } from './project.js';
import { temporalNow } from '../../temporal-time.js';

export async function reconcileActivity(
  deps: ConnectionActivityDeps,
  { state }: { state: ConnectionState },
): Promise<ReconcileOutcome> {
  const { workspaceId, connectionId } = state;
  const restored = await newerProjection(deps, state);
  const { grant, nextVersion, generation } = restored ?? state;
  const stored = await deps.store.credentials.listOfConnection(workspaceId, connectionId);
  const ofGrant = stored
    .filter((document) => document.facts.grantId === grant?.grantId)
    .sort((a, b) => b.version - a.version);
  const outcome: ReconcileOutcome = {
    at: temporalNow(),
    newest: ofGrant[0]?.facts ?? null,
    highest: stored.reduce((highest, document) => Math.max(highest, document.version), nextVersion - 1),
    ...(restored && { restored }),
  };
  deps.events.actorRebuilt({ workspaceId, connectionId, app: state.app, generation });
  await projectAfter(deps, state, { type: 'reconciled', outcome });
  return outcome;
}

/** What the store knows beyond the moment to which the run was taken back; null = nothing, or the run was not reset. */
async function newerProjection(
  deps: ConnectionActivityDeps,
  { workspaceId, connectionId, generation, reset }: ConnectionState,
): Promise<ConnectionState | null> {
  if (!reset) return null;
  const stored = await deps.store.connections.get(workspaceId, connectionId);
  if (stored === null) return null;
  const isNewer = stored.generation === generation ? stored.revision > reset.revision : stored.generation > generation;
  return isNewer || stored.deleted ? (JSON.parse(stored.state) as ConnectionState) : null;
}
