import type { Connection } from 'mongoose';

/** Plain look-up indexes; uniqueness comes from `_id` alone. On FerretDB they are of no use and do no harm. */
const INDEXES: readonly { collection: string; keys: Record<string, 1> }[] = [
  { collection: 'connections', keys: { workspaceId: 1, _id: 1 } },
  { collection: 'recipes', keys: { workspaceId: 1, _id: 1 } },
  { collection: 'appclients', keys: { workspaceId: 1, _id: 1 } },
  { collection: 'attempts', keys: { connectionId: 1 } },
  { collection: 'credentials', keys: { connectionId: 1 } },
];
/** What FerretDB answers to kinds of index that it lacks. */
const NOT_SUPPORTED = new Set([238, 27]);

/**
 * Makes the indexes, one per call (rule 9): in one call a single refused index would refuse all. Run once at start; a repeat is harmless.
 * Never change the options of an index here: drop it first, under another name.
 */
export async function ensureIndexes(db: Connection): Promise<void> {
  for (const { collection, keys } of INDEXES) await ensureIndex(db, collection, keys);
}

/** Makes one index. A kind that FerretDB lacks is left out: it would be of no use there. */
export async function ensureIndex(db: Connection, collection: string, keys: Record<string, 1>): Promise<void> {
  try {
    await db.collection(collection).createIndex(keys);
  } catch (error) {
    if (!NOT_SUPPORTED.has((error as { code?: number }).code ?? 0)) throw error;
  }
}
