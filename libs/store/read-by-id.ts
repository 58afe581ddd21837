import type { Model } from 'mongoose';
import { runOperation, type StoreFault } from './run-operation.js';

/** Reads one document by `_id` alone: the only look-up that is fast on both databases (rule 1). */
export async function readById<D extends { _id: string }>(
  model: Model<D>,
  id: string,
  fault: StoreFault,
): Promise<D | null> {
  // A text and nothing else: an object would be taken as a query operator.
  const filter = { _id: String(id) } as never;
  return runOperation(fault, async () => (await model.findOne(filter).lean().exec()) as D | null);
}

/** The same for a document of a workspace: one of another workspace does not exist for the caller. */
export async function readOfWorkspace<D extends { _id: string; workspaceId: string }>(
  model: Model<D>,
  workspaceId: string,
  id: string,
  fault: StoreFault,
): Promise<D | null> {
  const document = await readById(model, id, fault);
  return document?.workspaceId === workspaceId ? document : null;
}
