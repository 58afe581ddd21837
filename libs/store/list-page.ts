import type { Model } from 'mongoose';
import { runOperation, type StoreFault } from './run-operation.js';

export interface PageWish {
  /** How many at most. */
  limit: number;
  /** `nextCursor` of the page before. */
  after?: string | null;
}

export interface Page<D> {
  items: D[];
  /** Give it as `after` for the next page; null = this was the last. */
  nextCursor: string | null;
}

/** A list never takes longer: on FerretDB everybody waits for a scan (rule 15). */
const MAX_TIME_MS = 5_000;

/** One page in the order of `_id` (opaque ids: the order is stable, and no count or other sort is needed). */
export async function listPage<D extends { _id: string }>(
  model: Model<D>,
  filter: Partial<D>,
  { limit, after }: PageWish,
  fault: StoreFault,
): Promise<Page<D>> {
  const query = { ...filter, ...(after ? { _id: { $gt: String(after) } } : {}) };
  const found = await runOperation(
    fault,
    async () =>
      (await model
        .find(query as never)
        .sort({ _id: 1 })
        .limit(limit + 1)
        .maxTimeMS(MAX_TIME_MS)
        .lean()
        .exec()) as unknown as D[],
  );
  const items = found.slice(0, limit);
  return { items, nextCursor: found.length > limit ? (items.at(-1)?._id ?? null) : null };
}
