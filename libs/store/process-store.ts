import type { Connection, Model } from 'mongoose';
import { deleteById } from './delete-by-id.js';
import type { ProcessDocument } from './documents.js';
import { listPage } from './list-page.js';
import { storeClock } from './probe-write.js';
import { putById } from './put-by-id.js';
import { storeModel } from './store-model.js';

const FAULT = 'temporarily_unavailable';
/** A process that has not told of itself for so long does not live (limit `processes`: six missed reports). */
export const LIVING_MS = 30_000;
const FORGET_MS = 24 * 3_600_000;
const MOST = 1_000;

/** Gateways and workers that run, and which keys they hold. */
export class ProcessStore {
  private readonly model: Model<ProcessDocument>;

  constructor(private readonly db: Connection) {
    this.model = storeModel<ProcessDocument>(db, 'processes', {
      kind: String,
      name: String,
      startedAt: Number,
      seenAt: Number,
      payloadKeys: [String],
      sealingKeys: [String],
      openingKeys: { type: [String], default: null },
      storeFormat: Number,
    });
  }

  /** Written every few seconds by the process itself. */
  async report({ _id, ...process }: Omit<ProcessDocument, 'seenAt'>): Promise<void> {
    await putById(this.model, _id, { ...process, seenAt: await this.now() }, FAULT);
  }

  /** Those that have told of themselves within `LIVING_MS`, in the order of their ids. */
  async living(): Promise<ProcessDocument[]> {
    const [{ items }, now] = [await listPage(this.model, {}, { limit: MOST }, FAULT), await this.now()];
    return items.filter(({ seenAt }) => now - seenAt <= LIVING_MS);
  }

  /** On a proper end: else it would count as living for a while. */
  remove(id: string): Promise<void> {
    return deleteById(this.model, id, FAULT);
  }

  /** Documents of processes that were killed long ago. */
  async forgetDead(): Promise<void> {
    const [{ items }, now] = [await listPage(this.model, {}, { limit: MOST }, FAULT), await this.now()];
    for (const { _id, seenAt } of items) if (now - seenAt > FORGET_MS) await this.remove(_id);
  }

  private async now(): Promise<number> {
    return (await storeClock(this.db)) ?? Date.now();
  }
}
