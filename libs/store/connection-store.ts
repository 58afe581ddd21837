import type { Connection, Model } from 'mongoose';
import { HawserError } from '#domain/errors.js';
import {
  connectionOfRow,
  orderOf,
  projectionText,
  rowOfConnection,
  type ConnectionProjection,
  type ConnectionRow,
} from './connection-projection.js';
import type { ConnectionDocument } from './documents.js';
import { insertOnce } from './insert-once.js';
import { listPage, type Page, type PageWish } from './list-page.js';
import { raiseById } from './raise-by-id.js';
import { readById, readOfWorkspace } from './read-by-id.js';
import { storeModel } from './store-model.js';

const FAULT = 'temporarily_unavailable';

/** Projections of the connection actors, and what screens list. */
export class ConnectionStore {
  private readonly model: Model<ConnectionRow>;

  constructor(db: Connection) {
    this.model = storeModel<ConnectionRow>(db, 'connections', {
      workspaceId: String,
      app: String,
      createdAt: Number,
      deleted: Boolean,
      projection: String,
    });
  }

  /** @returns False when the id exists already (a repeated creation). */
  insert(connection: ConnectionDocument): Promise<boolean> {
    return insertOnce(this.model, rowOfConnection(connection), FAULT);
  }

  /** Also returns a tombstone (`deleted`). */
  async get(workspaceId: string, connectionId: string): Promise<ConnectionDocument | null> {
    const row = await readOfWorkspace(this.model, workspaceId, connectionId, FAULT);
    return row && connectionOfRow(row);
  }

  /** Living connections of a workspace, in the order of their ids. */
  list(workspaceId: string, page: PageWish, filter: { app?: string } = {}): Promise<Page<ConnectionDocument>> {
    const app = filter.app === undefined ? {} : { app: filter.app };
    return this.page({ workspaceId, deleted: false, ...app }, page);
  }

  /** Every connection of every workspace, tombstones too: for rebuild and doctor. */
  listForRebuild(page: PageWish): Promise<Page<ConnectionDocument>> {
    return this.page({}, page);
  }

  /**
   * Writes the projection if (generation, revision) is newer than what is stored; activities may come late or twice.
   * A tombstone is never taken back. A document that is missing (store restored from a backup) is made anew.
   * @returns Whether it was written; false = something newer is there.
   * @throws HawserError `not_found` for a connection of another workspace, `temporarily_unavailable`.
   */
  async project(workspaceId: string, connectionId: string, projection: ConnectionProjection): Promise<boolean> {
    const stored = await readById(this.model, connectionId, FAULT);
    if (!stored) {
      const row = rowOfConnection({ _id: connectionId, workspaceId, createdAt: Date.now(), ...projection });
      if (await insertOnce(this.model, row, FAULT)) return true;
    } else {
      if (stored.workspaceId !== workspaceId) throw new HawserError('not_found');
      if (orderOf(projection) <= orderOf(connectionOfRow(stored))) return false;
    }
    const text = projectionText(projection);
    // `deleted` is for lists, and only ever becomes true.
    const change = projection.deleted ? { deleted: true } : {};
    return (await raiseById(this.model, connectionId, { projection: text }, change, FAULT))?.projection === text;
  }

  private async page(filter: Partial<ConnectionRow>, wish: PageWish): Promise<Page<ConnectionDocument>> {
    const { items, nextCursor } = await listPage(this.model, filter, wish, FAULT);
    return { items: items.map(connectionOfRow), nextCursor };
  }
}
