/** `--rebuild`: what is lost is started again, what the vault holds beyond an actor is announced to it. */
import type { Client } from '@temporalio/client';
import { connectionWorkflowId } from '#domain/ids.js';
import type { Store } from '#store/connect-store.js';
import { signalActor } from '#temporal/signal-actor.js';
import { lateAnswerSignal, refreshSignal } from '#workflows/connection/messages.js';
import { rebuildAll, type RebuildReport } from '../rebuild/rebuild-all.js';
import { recoverJob } from '../recover/recover-job.js';
import { jobsEndedByForce } from './checks/forced-ends.js';
import { disagreementOf } from './checks/vault-versions.js';
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
  for await (const { workflowId } of jobsEndedByForce(client)) {
    const [, workspaceId = '', jobId = ''] = workflowId.split('/');
    const outcome = await recoverJob(client, workspaceId, jobId, { unlessOvertaken: true }).catch(
      (error: unknown) => `not started again: ${String(error)}`,
    );
    tell(`${jobId}: ${OUTCOMES[outcome] ?? outcome}`);
  }
  for (const line of await announceVersions(store, client)) tell(line);
}

const OUTCOMES: Record<string, string> = {
  recovered: 'goes on from its history.',
  left: 'is left alone: it runs again, or was started again too often.',
  overtaken: 'is left alone: a later job of its record has been started. Rerun or change the record if it matters.',
};

const sumOf = ({ connections, recipes }: RebuildReport): string =>
  `Started again: ${connections.rebuilt} connections, ${recipes.rebuilt} recipes. Running: ${connections.running} and ${recipes.running}.`;

/**
 * Running actors that disagree with the vault are told. One that knows too little looks there (no call to the app). One that serves what
 * the vault lacks learns which version is left, and renews: from that one where the app does not rotate; else it says `rotation_lost`.
 */
async function announceVersions(store: Store, client: Client): Promise<string[]> {
  const told: string[] = [];
  for (const { state } of await createSurvey(store).connections()) {
    const found = await disagreementOf(client, store, state);
    if (found === null || found === 'unanswered') continue;
    const workflowId = connectionWorkflowId(state.workspaceId, state.connectionId);
    const signal = { workflowId, deadlineMs: DEADLINE_MS };
    const version = found.kind === 'newer' ? found.version : found.newestOlder;
    if (version !== null) await signalActor(client, { ...signal, signal: lateAnswerSignal, args: [{ version }] });
    if (found.kind === 'missing')
      await signalActor(client, { ...signal, signal: refreshSignal, args: [{ by: 'system' }] });
    told.push(
      found.kind === 'newer'
        ? `${state.connectionId}: was told that the vault holds version ${found.version}.`
        : `${state.connectionId}: was told that the vault lacks version ${found.version} (${version === null ? 'and any other' : `it has ${version}`}).`,
    );
  }
  return told;
}
