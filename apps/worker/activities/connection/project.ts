/** The projection: the actor's whole state, written by the activity that did the work (docs/decisions.md, "The projection"). */
import type { ConnectionEvent } from '#workflows/connection/events.js';
import { happeningOfWork } from '#workflows/connection/happenings.js';
import type { ConnectionState } from '#workflows/connection/state.js';
import { transition } from '#workflows/connection/transition.js';
import type { ConnectionActivityDeps } from './deps.js';

/** Writes the state that the actor will have after this event. A projection that cannot be written must not undo the work: the next one brings it. */
export async function projectAfter(
  deps: ConnectionActivityDeps,
  state: ConnectionState,
  event: ConnectionEvent,
): Promise<void> {
  await projectState(deps, transition(state, event));
}

/** The same, and tells the event log what the work brought. @returns The outcome, marked where the log did not take it. */
export async function projectAndTell<O extends { untold?: true }>(
  deps: ConnectionActivityDeps,
  state: ConnectionState,
  outcome: O,
  eventOf: (outcome: O) => ConnectionEvent,
): Promise<O> {
  const event = eventOf(outcome);
  const after = transition(state, event);
  await projectState(deps, after);
  const happening = happeningOfWork(state, after, event);
  return happening === null || (await deps.eventLog.tell([happening])) ? outcome : { ...outcome, untold: true };
}

async function projectState(deps: ConnectionActivityDeps, state: ConnectionState): Promise<void> {
  await project(deps, state).catch((error: unknown) => {
    deps.logger.warn(
      { connectionId: state.connectionId, error },
      'The projection could not be written; the next activity brings it.',
    );
  });
}

export async function project({ store }: Pick<ConnectionActivityDeps, 'store'>, state: ConnectionState): Promise<void> {
  await store.connections.project(state.workspaceId, state.connectionId, {
    generation: state.generation,
    revision: state.revision,
    state: JSON.stringify(state),
    name: state.name,
    app: state.app,
    deleted: state.status === 'deleted',
  });
}
