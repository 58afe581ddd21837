/** How a projection is kept: one text whose order is the order of the writers, so that `$max` by `_id` alone lets the newest win. */
import type { ConnectionDocument } from './documents.js';

/** What the actor's activities write: the whole state at its revision. */
export type ConnectionProjection = Pick<
  ConnectionDocument,
  'generation' | 'revision' | 'state' | 'name' | 'app' | 'deleted'
>;

/** A connection as it is stored. */
export interface ConnectionRow {
  _id: string;
  workspaceId: string;
  app: string;
  createdAt: number;
  deleted: boolean;
  /** `<deleted><generation>.<revision> <name as JSON>`, a line break, and the state; absent in a document of an older build. */
  projection?: string;
  /** Of an older build: these stand in `projection` now. Where both are, the newer one is in force. */
  name?: string;
  revision?: number;
  generation?: number;
  state?: string;
}

/** Enough for a revision a second over thirty thousand years. */
const DIGITS = 12;

/** Greater (as a text) = newer: a tombstone stands above all else; then the generation decides, then the revision. */
export const orderOf = ({ deleted, generation, revision }: Omit<ConnectionProjection, 'app'>): string =>
  `${deleted ? 1 : 0}${padded(generation)}.${padded(revision)}`;

export const projectionText = (projection: Omit<ConnectionProjection, 'app'>): string =>
  `${orderOf(projection)} ${JSON.stringify(projection.name)}\n${projection.state}`;

export function rowOfConnection({
  _id,
  workspaceId,
  app,
  createdAt,
  ...projection
}: ConnectionDocument): ConnectionRow {
  return { _id, workspaceId, app, createdAt, deleted: projection.deleted, projection: projectionText(projection) };
}

export function connectionOfRow(row: ConnectionRow): ConnectionDocument {
  const { _id, workspaceId, app, createdAt, projection } = row;
  const older = olderOf(row);
  // A worker of the format before may stand beside us: what it has written since is the newer one.
  if (older && (projection === undefined || orderOf(older) > projection.slice(0, projection.indexOf(' '))))
    return older;
  if (projection === undefined) return row as ConnectionDocument;
  const nameAt = projection.indexOf(' ') + 1;
  const stateAt = projection.indexOf('\n') + 1;
  const [generation, revision] = projection.slice(1, nameAt).split('.').map(Number) as [number, number];
  const name = JSON.parse(projection.slice(nameAt, stateAt)) as string;
  const state = projection.slice(stateAt);
  return { _id, workspaceId, app, name, createdAt, revision, generation, state, deleted: projection.startsWith('1') };
}

/** What an older build has written, in the fields of its own; null where it has not. */
function olderOf({
  _id,
  workspaceId,
  app,
  createdAt,
  deleted,
  name,
  revision,
  generation,
  state,
}: ConnectionRow): ConnectionDocument | null {
  if (name === undefined || revision === undefined || generation === undefined || state === undefined) return null;
  return { _id, workspaceId, app, name, createdAt, revision, generation, state, deleted };
}

const padded = (number: number): string => String(number).padStart(DIGITS, '0');
