/** Tells the actor of an answer that was stored although its try may have been given up: what it brought is adopted or revoked. */
import { connectionWorkflowId } from '#domain/ids.js';
import { lateAnswerSignal } from '#workflows/connection/messages.js';
import type { ConnectionState } from '#workflows/connection/state.js';
import type { ConnectionActivityDeps } from './deps.js';

/** After so long the server may have given a try up: what it stored is announced by a signal too. */
export const MAY_BE_LATE_MS = 4_500;
const TRIES = 10;
const PAUSE_MS = 1_000;

/**
 * `grantId`: of a grant that is not in force (a code exchange, a renewal for a revocation). Never throws: the report may still arrive by
 * the ordinary way.
 */
export async function announceLate(
  deps: Pick<ConnectionActivityDeps, 'client' | 'events'>,
  { workspaceId, connectionId, app }: Pick<ConnectionState, 'workspaceId' | 'connectionId' | 'app'>,
  version: number,
  grantId?: string,
): Promise<void> {
  deps.events.lateAnswerKept({ workspaceId, connectionId, app, version });
  const handle = deps.client.workflow.getHandle(connectionWorkflowId(workspaceId, connectionId));
  const told = { version, ...(grantId !== undefined && { attemptId: grantId }) };
  for (let round = 1; round <= TRIES; round += 1) {
    try {
      return await handle.signal(lateAnswerSignal, told);
    } catch (error) {
      if (error instanceof Error && error.name === 'WorkflowNotFoundError') return;
      await new Promise((next) => setTimeout(next, PAUSE_MS));
    }
  }
}
