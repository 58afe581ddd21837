/** Tells people once, closes attempt documents, and wakes parked jobs at a shaped rate. */
import { heartbeat } from '@temporalio/activity';
import { happeningOf } from '#workflows/connection/happenings.js';
import type { Announcement, ConnectionState } from '#workflows/connection/state.js';
import { wakeWaiters } from '../../app-calls/wake-waiters.js';
import type { ConnectionActivityDeps } from './deps.js';
import { project } from './project.js';

export async function announceActivity(
  deps: ConnectionActivityDeps,
  { state, announcement }: { state: ConnectionState; announcement: Announcement },
): Promise<{ toldThrough: number | null }> {
  for (const end of announcement.closeAttempts) {
    await deps.store.attempts.close(state.workspaceId, end.attemptId, JSON.stringify(end));
    deps.events.attemptEnded({
      ...factsOf(state),
      attemptId: end.attemptId,
      outcome: end.outcome,
      ...(end.code && { code: end.code }),
    });
  }
  await project(deps, state);
  const toldThrough = await tellLog(deps, state, announcement);
  const { connectionId } = state;
  let count = 0;
  if (announcement.wakeConnection)
    count += await wakeWaiters({ client: deps.client, connectionId, requirements: null, heartbeat });
  if (announcement.wakeRequirements.length > 0) {
    count += await wakeWaiters({
      client: deps.client,
      connectionId,
      requirements: announcement.wakeRequirements,
      heartbeat,
    });
  }
  if (announcement.kind === 'status') tellStatus(deps, state, announcement, count);
  if (count > 0) deps.events.jobsWoken({ ...factsOf(state), count });
  return { toldThrough };
}

/** @returns The number up to which all that happened is in the event log; null = it could not be written. */
async function tellLog(
  deps: ConnectionActivityDeps,
  state: ConnectionState,
  announcement: Announcement,
): Promise<number | null> {
  const happening = happeningOf(state, announcement);
  const earlier = state.untold ?? [];
  const isTold = await deps.eventLog.tell(happening ? [...earlier, happening] : earlier);
  return isTold ? Math.max(0, happening?.sequence ?? 0, ...earlier.map(({ sequence }) => sequence)) : null;
}

const factsOf = ({ workspaceId, connectionId, app }: ConnectionState) => ({ workspaceId, connectionId, app });

function tellStatus(
  deps: ConnectionActivityDeps,
  state: ConnectionState,
  announcement: Announcement,
  wokenJobs: number,
): void {
  const facts = factsOf(state);
  const code = announcement.code ?? 'internal';
  switch (announcement.to) {
    case 'invalid':
      return deps.events.connectionLost({ ...facts, code });
    case 'degraded':
      return deps.events.connectionDegraded({ ...facts, code });
    case 'connected':
      return deps.events.connectionRecovered({ ...facts, wokenJobs });
    case 'disconnected':
      return deps.events.connectionDisconnected(facts);
    case 'deleted':
      return deps.events.connectionDeleted(facts);
    case 'draft':
      return undefined;
  }
}
