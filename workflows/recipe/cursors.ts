/**
 * A cursor belongs to a binding and an instance of the app: another connection of the same instance goes on behind it, so nothing that
 * came in between is lost. Another account may see other records: then a person chooses. Pure.
 */
import type { PollOutcome } from './activities.js';
import type { CursorSource, ReadFrom, RecipeState } from './messages.js';

/** `instanceSince`: when this instance took the place of another behind the same connection (a refreshed sandbox). */
export type Reader = Pick<CursorSource, 'instanceId' | 'accountId'> & { instanceSince?: number };

export type WhereToRead =
  /** Behind this cursor; null = from the beginning that `from`, or else the trigger's input, names. `moved`: it is to be kept anew. */
  | { cursor: string | null; from?: 'now' | number; moved: boolean }
  /** Another account of the instance whose events the cursor has passed. */
  | 'choose';

export function whereToRead(state: RecipeState, connectionId: string, reader: Reader): WhereToRead {
  const choice = state.readFrom?.connectionId === connectionId ? state.readFrom.from : null;
  if (choice !== null && choice !== 'go_on') return { cursor: null, from: choice, moved: true };
  const own = state.cursors[connectionId];
  const source = state.sources?.[connectionId];
  // Builds before this one have noted no sources: theirs is noted with the next poll.
  if (own !== undefined && source === undefined && (state.lastPollAt ?? 0) >= (reader.instanceSince ?? 0))
    return { cursor: own, moved: true };
  if (own !== undefined && source?.instanceId === reader.instanceId) return { cursor: own, moved: false };
  const found = sameInstance(state, reader.instanceId).sort((one, other) => other.source.at - one.source.at)[0];
  if (!found) return { cursor: null, moved: false };
  if (found.source.accountId !== reader.accountId && choice !== 'go_on') return 'choose';
  return { cursor: found.cursor, moved: true };
}

function sameInstance(state: RecipeState, instanceId: string): { cursor: string; source: CursorSource }[] {
  const { binding } = state.definition.trigger;
  return Object.entries(state.sources ?? {}).flatMap(([connectionId, source]) => {
    const cursor = state.cursors[connectionId];
    const fits = source.binding === binding && source.instanceId === instanceId;
    return fits && cursor !== undefined ? [{ cursor, source }] : [];
  });
}

type Place = Pick<RecipeState, 'cursors' | 'sources' | 'readFrom'>;

/** The places after a poll: its cursor is the only one of its binding and instance, and a choice is used up. */
export function placesAfter(state: RecipeState, outcome: PollOutcome, asked: RecipeState): Partial<Place> {
  const { cursor, connectionId, source } = outcome;
  if (cursor === null) return {};
  if (!source) return { cursors: { ...state.cursors, [connectionId]: cursor } };
  const isOther = (id: string): boolean => {
    const other = state.sources?.[id];
    return id === connectionId || (other?.binding === source.binding && other.instanceId === source.instanceId);
  };
  const others = <Value>(places: Record<string, Value>): Record<string, Value> =>
    Object.fromEntries(Object.entries(places).filter(([id]) => !isOther(id)));
  const used = JSON.stringify(state.readFrom ?? null) === JSON.stringify(asked.readFrom ?? null);
  return {
    cursors: { ...others(state.cursors), [connectionId]: cursor },
    sources: { ...others(state.sources ?? {}), [connectionId]: source },
    ...(state.readFrom?.connectionId === connectionId && used ? { readFrom: null } : {}),
  };
}

/** A person's choice goes with the connection that the trigger reads through; it falls with it. */
export function choiceAfter(
  before: RecipeState,
  connectionId: string | null,
  readFrom: ReadFrom | undefined,
): Pick<RecipeState, 'readFrom'> {
  if (readFrom !== undefined && connectionId !== null) return { readFrom: { connectionId, from: readFrom } };
  return before.readFrom && before.readFrom.connectionId !== connectionId ? { readFrom: null } : {};
}
