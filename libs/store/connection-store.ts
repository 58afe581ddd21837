import type { Connection, Model } from 'mongoose';
import { HawserError } from '#domain/errors.js';
import { compareAndSet } from './compare-and-set.js';
import type { ConnectionDocument } from './documents.js';
import { insertOnce } from './insert-once.js';
import { listPage, type Page, type PageWish } from './list-page.js';
import { readById, readOfWorkspace } from './read-by-id.js';
import { storeModel } from './store-model.js';

const FAULT = 'temporarily_unavailable';
/** Writers of one projection are few (an activity and its late twin), so a handful of rounds is plenty. */
const MAX_ROUNDS = 10;

/** What the actor's activities write: the whole state at its revision. */
export type ConnectionProjection = Pick<
  ConnectionDocument,
  'generation' | 'revision' | 'state' | 'name' | 'app' | 'deleted'
>;

/** Projections of the connection actors, and what screens list. */
export class ConnectionStore {
  private readonly model: Model<ConnectionDocument>;

  constructor(db: Connection) {
    this.model = storeModel<ConnectionDocument>(db, 'connections', {
      workspaceId: String,
      app: String,
      name: String,
      createdAt: Number,
      revision: Number,
      generation: Number,
      state: String,
      deleted: Boolean,
    });
  }

  /** @returns False when the id exists already (a repeated creation). */
  insert(connection: ConnectionDocument): Promise<boolean> {
    return insertOnce(this.model, connection, FAULT);
  }

  /** Also returns a tombstone (`deleted`). */
  get(workspaceId: string, connectionId: string): Promise<ConnectionDocument | null> {
    return readOfWorkspace(this.model, workspaceId, connectionId, FAULT);
  }

  /** Living connections of a workspace, in the order of their ids. */
  list(workspaceId: string, page: PageWish, filter: { app?: string } = {}): Promise<Page<ConnectionDocument>> {
    const app = filter.app === undefined ? {} : { app: filter.app };
    return listPage(this.model, { workspaceId, deleted: false, ...app }, page, FAULT);
  }

  /** Every connection of every workspace, tombstones too: for rebuild and doctor. */
  listForRebuild(page: PageWish): Promise<Page<ConnectionDocument>> {
    return listPage(this.model, {}, page, FAULT);
  }

  /**
   * Writes the projection if (generation, revision) is newer than what is stored; activities may come late or twice.
   * A tombstone is never taken back. A document that is missing (store restored from a backup) is made anew.
   * @returns Whether it was written; false = something newer is there.
   * @throws HawserError `not_found` for a connection of another workspace, `temporarily_unavailable`.
   */
  async project(workspaceId: string, connectionId: string, projection: ConnectionProjection): Promise<boolean> {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const stored = await readById(this.model, connectionId, FAULT);
      if (!stored) {
        const document = { _id: connectionId, workspaceId, createdAt: Date.now(), ...projection };
        if (await insertOnce(this.model, document, FAULT)) return true;
        continue;
      }
      if (stored.workspaceId !== workspaceId) throw new HawserError('not_found');
      if (!isNewer(projection, stored) || (stored.deleted && !projection.deleted)) return false;
      const { generation, revision } = stored;
      if (await compareAndSet(this.model, connectionId, { generation, revision }, projection, FAULT)) return true;
    }
    throw new HawserError(
      'temporarily_unavailable',
      'The projection of the connection is being written by too many at once.',
    );
  }
}

function isNewer(projection: ConnectionProjection, stored: ConnectionDocument): boolean {
  if (projection.generation !== stored.generation) return projection.generation > stored.generation;
  return projection.revision > stored.revision;
}
