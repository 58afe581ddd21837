/** `--rebuild`: what is lost is started again, what the vault holds beyond an actor is announced to it. */
import type { Client } from '@temporalio/client';
import { connectionWorkflowId } from '#domain/ids.js';
import type { Store } from '#store/connect-store.js';
import { signalActor } from '#temporal/signal-actor.js';
import { lateAnswerSignal } from '#workflows/connection/messages.js';
import { rebuildAll, type RebuildReport } from '../rebuild/rebuild-all.js';
import { compareVersions } from './checks/vault-versions.js';
import { groupBy } from './group-by.js';
import { createSurvey } from './survey.js';

const DEADLINE_MS = 10_000;

export interface RepairWish {
  store: Store;
  client: Client;
  tell: (line: string) => void;
}

export async function repair({ store, client, tell }: RepairWish): Promise<void> {
  const report = await rebuildAll({ client, store, onlyMissing: false, tell });
  tell(sumOf(report));
  for (const { connectionId, version } of await announceNewer(store, client)) {
    tell(`${connectionId}: was told that the vault holds version ${version}.`);
  }
}

const sumOf = ({ connections, recipes }: RebuildReport): string =>
  `Started again: ${connections.rebuilt} connections, ${recipes.rebuilt} recipes. Running: ${connections.running} and ${recipes.running}.`;

/** A running actor looks into the vault when it hears of a late answer; it never calls the app for that. */
async function announceNewer(store: Store, client: Client): Promise<{ connectionId: string; version: number }[]> {
  const told: { connectionId: string; version: number }[] = [];
  const survey = createSurvey(store);
  const places = await survey.places();
  const stored = groupBy(places.flatMap(({ credential }) => credential ?? []), ({ connectionId }) => connectionId);
  for (const { state } of await survey.connections()) {
    const found = compareVersions(state, stored.get(state.connectionId) ?? []);
    if (found?.kind !== 'newer') continue;
    const { version } = found;
    const workflowId = connectionWorkflowId(state.workspaceId, state.connectionId);
    await signalActor(client, { workflowId, signal: lateAnswerSignal, args: [{ version }], deadlineMs: DEADLINE_MS });
    told.push({ connectionId: state.connectionId, version });
  }
  return told;
}
