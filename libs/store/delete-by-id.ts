import type { Model } from 'mongoose';
import { runOperation, type StoreFault } from './run-operation.js';

/** Deletes one document by `_id`; one that is not there is no error, so that a repeat is harmless. */
export async function deleteById<D extends { _id: string }>(
  model: Model<D>,
  id: string,
  fault: StoreFault,
): Promise<void> {
  await runOperation(fault, () => model.deleteOne({ _id: String(id) } as never).exec());
}
