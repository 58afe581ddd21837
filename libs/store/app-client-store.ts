import type { Connection, Model } from 'mongoose';
import { HawserError } from '#domain/errors.js';
import { compareAndSet } from './compare-and-set.js';
import { deleteById } from './delete-by-id.js';
import type { AppClientDocument, Sealed } from './documents.js';
import { insertOnce } from './insert-once.js';
import { listPage, type Page, type PageWish } from './list-page.js';
import { readOfWorkspace } from './read-by-id.js';
import { storeModel } from './store-model.js';

const FAULT = 'temporarily_unavailable';

/** Our OAuth client registrations, per workspace. */
export class AppClientStore {
  private readonly model: Model<AppClientDocument>;

  constructor(db: Connection) {
    this.model = storeModel<AppClientDocument>(db, 'appclients', {
      workspaceId: String,
      app: String,
      name: String,
      clientId: String,
      sealedSecret: String,
      createdAt: Number,
    });
  }

  /** @throws HawserError `conflict` when the id exists. */
  async insert(client: AppClientDocument): Promise<void> {
    if (!(await insertOnce(this.model, client, FAULT)))
      throw new HawserError('conflict', 'This app client exists already.');
  }

  get(workspaceId: string, appClientId: string): Promise<AppClientDocument | null> {
    return readOfWorkspace(this.model, workspaceId, appClientId, FAULT);
  }

  list(workspaceId: string, page: PageWish, app?: string): Promise<Page<AppClientDocument>> {
    return listPage(this.model, { workspaceId, ...(app === undefined ? {} : { app }) }, page, FAULT);
  }

  /** Every app client of every workspace, for the rotation of keys. */
  listForReseal(page: PageWish): Promise<Page<AppClientDocument>> {
    return listPage<AppClientDocument>(this.model, {}, page, FAULT);
  }

  /**
   * Corrects a client (id, secret, name).
   * @returns False when there is none in this workspace.
   */
  async change(
    workspaceId: string,
    appClientId: string,
    change: Partial<Pick<AppClientDocument, 'name' | 'clientId' | 'sealedSecret'>>,
  ): Promise<boolean> {
    if (!(await this.get(workspaceId, appClientId))) return false;
    return compareAndSet<AppClientDocument>(this.model, appClientId, { workspaceId }, change, FAULT);
  }

  /** Puts a re-sealed secret in the place of the old one, if that is still there. */
  replaceSealed(workspaceId: string, appClientId: string, old: Sealed, fresh: Sealed): Promise<boolean> {
    return compareAndSet(this.model, appClientId, { workspaceId, sealedSecret: old }, { sealedSecret: fresh }, FAULT);
  }

  async delete(workspaceId: string, appClientId: string): Promise<void> {
    if (await this.get(workspaceId, appClientId)) await deleteById(this.model, appClientId, FAULT);
  }
}
