import { isDeepStrictEqual } from 'node:util';
import type { Model } from 'mongoose';
import { assertStorable } from './assert-storable.js';
import { readById } from './read-by-id.js';
import { runOperation, type StoreFault } from './run-operation.js';

/**
 * One conditional update: sets `change` if the document still has the `expected` values (rule 2). On FerretDB it reads the whole
 * collection unless nothing is expected: not for what happens often in a collection that grows (`raiseById`, `insertOnce` are flat).
 * @returns Whether it was done. After a broken connection the first try may have been done: then the stored values are compared.
 * @throws HawserError `fault`; TypeError for a value that cannot be stored.
 */
export async function compareAndSet<D extends { _id: string }>(
  model: Model<D>,
  id: string,
  expected: Partial<D>,
  change: Partial<D>,
  fault: StoreFault,
): Promise<boolean> {
  assertStorable(change);
  return runOperation(fault, async (attempt) => {
    const { matchedCount } = await model
      .updateOne({ ...expected, _id: String(id) } as never, { $set: change } as never)
      .exec();
    if (matchedCount === 1) return true;
    return attempt > 0 && hasValues(await readById(model, id, fault), change);
  });
}

function hasValues<D>(document: D | null, values: Partial<D>): boolean {
  if (!document) return false;
  return Object.entries(values).every(([key, value]) => isDeepStrictEqual(document[key as keyof D], value));
}
