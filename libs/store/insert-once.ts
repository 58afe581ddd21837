import { isDeepStrictEqual } from 'node:util';
import type { Model } from 'mongoose';
import { assertStorable } from './assert-storable.js';
import { isDuplicateKey } from './duplicate-key.js';
import { readById } from './read-by-id.js';
import { runOperation, type StoreFault } from './run-operation.js';

/**
 * Inserts a document if its `_id` is absent: atomic on MongoDB and on FerretDB, and the way to do what must happen once.
 * @returns Whether it is ours. After a broken connection the first try may have been done: then the stored document is compared.
 * @throws HawserError `fault`; TypeError for a value that cannot be stored.
 */
export async function insertOnce<D extends { _id: string }>(
  model: Model<D>,
  document: D,
  fault: StoreFault,
): Promise<boolean> {
  assertStorable(document);
  return runOperation(fault, async (attempt) => {
    try {
      await new model(document).save();
      return true;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      return attempt > 0 && isDeepStrictEqual(await readById(model, document._id, fault), document);
    }
  });
}
