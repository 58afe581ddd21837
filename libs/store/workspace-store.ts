import type { Connection, Model } from 'mongoose';
import { HawserError } from '#domain/errors.js';
import type { WorkspaceDocument } from './documents.js';
import { insertOnce } from './insert-once.js';
import { listPage, type Page, type PageWish } from './list-page.js';
import { readById } from './read-by-id.js';
import { storeModel } from './store-model.js';

const FAULT = 'temporarily_unavailable';

/** Tenants. */
export class WorkspaceStore {
  private readonly model: Model<WorkspaceDocument>;

  constructor(db: Connection) {
    this.model = storeModel<WorkspaceDocument>(db, 'workspaces', { name: String, createdAt: Number });
  }

  /** @throws HawserError `conflict` when the id exists. */
  async insert(workspace: WorkspaceDocument): Promise<void> {
    if (!(await insertOnce(this.model, workspace, FAULT)))
      throw new HawserError('conflict', 'This workspace exists already.');
  }

  get(workspaceId: string): Promise<WorkspaceDocument | null> {
    return readById(this.model, workspaceId, FAULT);
  }

  list(page: PageWish): Promise<Page<WorkspaceDocument>> {
    return listPage(this.model, {}, page, FAULT);
  }
}
