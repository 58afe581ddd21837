import type { Connection, Model } from 'mongoose';
import { HawserError } from '#domain/errors.js';
import { deleteById } from './delete-by-id.js';
import type { ApiKeyDocument } from './documents.js';
import { insertOnce } from './insert-once.js';
import { listPage } from './list-page.js';
import { readById, readOfWorkspace } from './read-by-id.js';
import { storeModel } from './store-model.js';

const FAULT = 'temporarily_unavailable';
const LISTED = 10_000;

/** API keys, stored as hashes only. */
export class ApiKeyStore {
  private readonly model: Model<ApiKeyDocument>;

  constructor(db: Connection) {
    this.model = storeModel<ApiKeyDocument>(db, 'apikeys', { workspaceId: String, prefix: String, createdAt: Number });
  }

  /** @throws HawserError `conflict` when the hash exists. */
  async insert(key: ApiKeyDocument): Promise<void> {
    if (!(await insertOnce(this.model, key, FAULT))) throw new HawserError('conflict', 'This API key exists already.');
  }

  /** Finds a key by its hex SHA-256. The one look-up without a workspace: it is what tells the workspace. */
  findByHash(hash: string): Promise<ApiKeyDocument | null> {
    return readById(this.model, hash, FAULT);
  }

  /** The hashes of the first keys, at most `limit`: no stranger's request may cost more than one such list. */
  async listHashes(limit = LISTED): Promise<string[]> {
    return (await listPage(this.model, {}, { limit }, FAULT)).items.map(({ _id }) => _id);
  }

  /** Takes a key out of force. */
  async delete(workspaceId: string, hash: string): Promise<void> {
    if (await readOfWorkspace(this.model, workspaceId, hash, FAULT)) await deleteById(this.model, hash, FAULT);
  }
}
