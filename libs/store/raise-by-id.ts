import type { Model } from 'mongoose';
import { assertStorable } from './assert-storable.js';
import { runOperation, type StoreFault } from './run-operation.js';

/**
 * Sets the fields of `raised` where what is stored is lower, and those of `change` in any case; by `_id` alone, so that it is flat on both
 * databases (rule 2). Repeating it is harmless.
 * @returns The document after it, null when there is none.
 * @throws HawserError `fault`; TypeError for a value that cannot be stored.
 */
export async function raiseById<D extends { _id: string }>(
  model: Model<D>,
  id: string,
  raised: Partial<D>,
  change: Partial<D>,
  fault: StoreFault,
): Promise<D | null> {
  assertStorable({ ...raised, ...change });
  const update = { $max: raised, ...(Object.keys(change).length > 0 ? { $set: change } : {}) };
  return runOperation(
    fault,
    async () =>
      (await model
        .findOneAndUpdate({ _id: String(id) } as never, update as never, { returnDocument: 'after' })
        .lean()
        .exec()) as D | null,
  );
}
