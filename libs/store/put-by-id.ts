import type { Model } from 'mongoose';
import { assertStorable } from './assert-storable.js';
import { runOperation, type StoreFault } from './run-operation.js';

/** Writes fields of a document by `_id` alone, and makes it where it is absent. For documents with one writer: a repeat is harmless. */
export async function putById<D extends { _id: string }>(
  model: Model<D>,
  id: string,
  fields: Partial<Omit<D, '_id'>>,
  fault: StoreFault,
): Promise<void> {
  assertStorable(fields);
  await runOperation(fault, () =>
    model.updateOne({ _id: String(id) } as never, { $set: fields } as never, { upsert: true }).exec(),
  );
}
