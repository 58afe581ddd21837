import type { Connection, Model } from 'mongoose';
import { Schema } from 'mongoose';
import { compareAndSet } from './compare-and-set.js';
import { deleteById } from './delete-by-id.js';
import type { CredentialDocument, Sealed } from './documents.js';
import { insertOnce } from './insert-once.js';
import { listPage, type Page, type PageWish } from './list-page.js';
import { readOfWorkspace } from './read-by-id.js';
import { storeModel } from './store-model.js';

const FAULT = 'vault_unavailable';
/** How far above the highest known number a probe looks: numbers that a lost actor allotted and nobody heard of. */
const PROBE_GAP = 3;

export const credentialId = (connectionId: string, version: number): string => `${connectionId}/${version}`;

/** The vault's documents: one sealed credential per version, inserted once, never overwritten. */
export class CredentialStore {
  private readonly model: Model<CredentialDocument>;

  constructor(db: Connection) {
    this.model = storeModel<CredentialDocument>(db, 'credentials', {
      workspaceId: String,
      connectionId: String,
      version: Number,
      facts: Schema.Types.Mixed,
      sealed: String,
      createdAt: Number,
    });
  }

  /**
   * Stores a version if it is absent.
   * @returns False when that version exists: it stays as it is.
   */
  insertIfAbsent(credential: Omit<CredentialDocument, '_id'>): Promise<boolean> {
    const _id = credentialId(credential.connectionId, credential.version);
    return insertOnce(this.model, { _id, ...credential }, FAULT);
  }

  get(workspaceId: string, connectionId: string, version: number): Promise<CredentialDocument | null> {
    return readOfWorkspace(this.model, workspaceId, credentialId(connectionId, version), FAULT);
  }

  /**
   * The newest stored version above `above`, found by probing ids from `highest + gap` downwards (each probe is a read by `_id`).
   * @param wish.highest The highest number known to be allotted.
   * @param wish.grantId Only versions of this grant.
   */
  async newestAbove(
    workspaceId: string,
    connectionId: string,
    wish: { above: number; highest: number; grantId?: string; gap?: number },
  ): Promise<CredentialDocument | null> {
    for (
      let version = Math.max(wish.highest, wish.above) + (wish.gap ?? PROBE_GAP);
      version > wish.above;
      version -= 1
    ) {
      const found = await this.get(workspaceId, connectionId, version);
      if (found && (wish.grantId === undefined || found.facts.grantId === wish.grantId)) return found;
    }
    return null;
  }

  /** Every version of a connection, by a scan: for rebuild and delete, not for hot paths. At most `limit` (500). */
  async listOfConnection(workspaceId: string, connectionId: string, limit = 500): Promise<CredentialDocument[]> {
    return (await listPage(this.model, { workspaceId, connectionId }, { limit }, FAULT)).items;
  }

  /** Every credential of every workspace, for the rotation of keys. */
  listForReseal(page: PageWish): Promise<Page<CredentialDocument>> {
    return listPage(this.model, {}, page, FAULT);
  }

  /** Puts a re-sealed box in the place of the old one, if that is still there. */
  replaceSealed(
    workspaceId: string,
    connectionId: string,
    version: number,
    old: Sealed,
    fresh: Sealed,
  ): Promise<boolean> {
    return compareAndSet(
      this.model,
      credentialId(connectionId, version),
      { workspaceId, sealed: old },
      { sealed: fresh },
      FAULT,
    );
  }

  /** Destroys a version. One of another workspace, or none, is left alone. */
  async delete(workspaceId: string, connectionId: string, version: number): Promise<void> {
    if (await this.get(workspaceId, connectionId, version))
      await deleteById(this.model, credentialId(connectionId, version), FAULT);
  }
}
