import type { Connection, Model } from 'mongoose';
import { HawserError } from '#domain/errors.js';
import { compareAndSet } from './compare-and-set.js';
import type { RecipeDocument, RecipeVersionDocument } from './documents.js';
import { insertOnce } from './insert-once.js';
import { listPage, type Page, type PageWish } from './list-page.js';
import { readOfWorkspace } from './read-by-id.js';
import { storeModel } from './store-model.js';

const FAULT = 'temporarily_unavailable';
const MAX_ROUNDS = 10;

/** As stored: definition and bindings are foreign JSON (nested arrays, any keys), so they are kept as text (rule 13). */
type RecipeRow = Omit<RecipeDocument, 'definition' | 'bindings'> & { definition: string; bindings: string };
type VersionRow = Omit<RecipeVersionDocument, 'definition'> & { definition: string };

export type RecipeChange = Pick<RecipeDocument, 'name' | 'definition' | 'bindings'>;

const versionId = (recipeId: string, version: number): string => `${recipeId}/${version}`;

/** Recipes with their present version and projection, and every version ever (append-only). */
export class RecipeStore {
  private readonly recipes: Model<RecipeRow>;
  private readonly versions: Model<VersionRow>;

  constructor(db: Connection) {
    this.recipes = storeModel<RecipeRow>(db, 'recipes', {
      workspaceId: String,
      name: String,
      version: Number,
      definition: String,
      bindings: String,
      createdAt: Number,
      updatedAt: Number,
      revision: Number,
      state: String,
      deleted: Boolean,
    });
    this.versions = storeModel<VersionRow>(db, 'recipeversions', {
      workspaceId: String,
      recipeId: String,
      version: Number,
      definition: String,
      createdAt: Number,
    });
  }

  /** Stores a recipe and its first version. @returns False when the id exists already. */
  async insert(recipe: RecipeDocument): Promise<boolean> {
    const inserted = await insertOnce(this.recipes, rowOf(recipe), FAULT);
    if (inserted) await this.keepVersion(rowOf(recipe));
    return inserted;
  }

  async get(workspaceId: string, recipeId: string): Promise<RecipeDocument | null> {
    const row = await readOfWorkspace(this.recipes, workspaceId, recipeId, FAULT);
    return row && documentOf(row);
  }

  /** Living recipes of a workspace, in the order of their ids. */
  async list(workspaceId: string, page: PageWish): Promise<Page<RecipeDocument>> {
    const { items, nextCursor } = await listPage(this.recipes, { workspaceId, deleted: false }, page, FAULT);
    return { items: items.map(documentOf), nextCursor };
  }

  /** Every recipe of every workspace: for rebuild and doctor. */
  async listForRebuild(page: PageWish): Promise<Page<RecipeDocument>> {
    const { items, nextCursor } = await listPage(this.recipes, {}, page, FAULT);
    return { items: items.map(documentOf), nextCursor };
  }

  async getVersion(workspaceId: string, recipeId: string, version: number): Promise<RecipeVersionDocument | null> {
    const row = await readOfWorkspace(this.versions, workspaceId, versionId(recipeId, version), FAULT);
    return row && { ...row, definition: JSON.parse(row.definition) as RecipeDocument['definition'] };
  }

  /**
   * Makes the next version, if the recipe still has `expectedVersion`.
   * @returns The changed recipe, or null when somebody else changed it first, it is deleted or absent.
   */
  async change(
    workspaceId: string,
    recipeId: string,
    expectedVersion: number,
    change: RecipeChange,
  ): Promise<RecipeDocument | null> {
    const row = await readOfWorkspace(this.recipes, workspaceId, recipeId, FAULT);
    if (!row || row.deleted || row.version !== expectedVersion) return null;
    // The recipe is changed first and its version copied after it: a crash between the two is mended by the next change.
    await this.keepVersion(row);
    const next = {
      name: change.name,
      definition: JSON.stringify(change.definition),
      bindings: JSON.stringify(change.bindings),
      version: expectedVersion + 1,
      updatedAt: Date.now(),
    };
    if (!(await compareAndSet(this.recipes, recipeId, { version: expectedVersion, deleted: false }, next, FAULT)))
      return null;
    await this.keepVersion({ ...row, ...next });
    return documentOf({ ...row, ...next });
  }

  /**
   * Writes the workflow's state if its revision is newer than what is stored. A tombstone is never taken back.
   * @returns Whether it was written.
   * @throws HawserError `not_found` when there is no such recipe in the workspace.
   */
  async project(
    workspaceId: string,
    recipeId: string,
    projection: { revision: number; state: string; deleted: boolean },
  ): Promise<boolean> {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const stored = await readOfWorkspace(this.recipes, workspaceId, recipeId, FAULT);
      if (!stored) throw new HawserError('not_found');
      if (projection.revision <= stored.revision || (stored.deleted && !projection.deleted)) return false;
      if (await compareAndSet(this.recipes, recipeId, { revision: stored.revision }, projection, FAULT)) return true;
    }
    throw new HawserError(
      'temporarily_unavailable',
      'The projection of the recipe is being written by too many at once.',
    );
  }

  private async keepVersion({ _id, workspaceId, version, definition, updatedAt }: RecipeRow): Promise<void> {
    const copy = {
      _id: versionId(_id, version),
      workspaceId,
      recipeId: _id,
      version,
      definition,
      createdAt: updatedAt,
    };
    await insertOnce(this.versions, copy, FAULT);
  }
}

function rowOf(recipe: RecipeDocument): RecipeRow {
  return { ...recipe, definition: JSON.stringify(recipe.definition), bindings: JSON.stringify(recipe.bindings) };
}

function documentOf(row: RecipeRow): RecipeDocument {
  return {
    ...row,
    definition: JSON.parse(row.definition) as RecipeDocument['definition'],
    bindings: JSON.parse(row.bindings) as RecipeDocument['bindings'],
  };
}
