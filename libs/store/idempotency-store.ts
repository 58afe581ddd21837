import type { Connection, Model } from 'mongoose';
import { HawserError } from '#domain/errors.js';
import { compareAndSet } from './compare-and-set.js';
import type { IdempotencyDocument } from './documents.js';
import { insertOnce } from './insert-once.js';
import { readOfWorkspace } from './read-by-id.js';
import { storeModel } from './store-model.js';

const FAULT = 'temporarily_unavailable';

export interface IdempotentRequest {
  workspaceId: string;
  /** The client's Idempotency-Key. */
  key: string;
  /** Hex SHA-256 of method, path and body. */
  requestHash: string;
  /** The id that the creation will give if this is the first time. */
  resourceId: string;
}

/** Idempotency keys of creations. */
export class IdempotencyStore {
  private readonly model: Model<IdempotencyDocument>;

  constructor(db: Connection) {
    this.model = storeModel<IdempotencyDocument>(db, 'idempotency', {
      workspaceId: String,
      requestHash: String,
      resourceId: String,
      status: Number,
      body: String,
      createdAt: Number,
    });
  }

  /**
   * Begins a creation, or finds the earlier one with the same key.
   * @returns The document in force: do the work for its `resourceId` (idempotently) unless `body` has the answer already.
   * @throws HawserError `idempotency_key_reused` when the key was used with another request.
   */
  async begin({ workspaceId, key, requestHash, resourceId }: IdempotentRequest): Promise<IdempotencyDocument> {
    const _id = idempotencyId(workspaceId, key);
    const document = { _id, workspaceId, requestHash, resourceId, status: null, body: null, createdAt: Date.now() };
    if (await insertOnce(this.model, document, FAULT)) return document;
    const earlier = await readOfWorkspace(this.model, workspaceId, _id, FAULT);
    if (!earlier) throw new HawserError('temporarily_unavailable');
    if (earlier.requestHash !== requestHash) throw new HawserError('idempotency_key_reused');
    return earlier;
  }

  /** Keeps the answer for later repeats; the first answer stays (of two at the same moment, one: both tell of the same resource). */
  async complete(workspaceId: string, key: string, answer: { status: number; body: string }): Promise<void> {
    const id = idempotencyId(workspaceId, key);
    if ((await readOfWorkspace(this.model, workspaceId, id, FAULT))?.status === null)
      await compareAndSet(this.model, id, {}, answer, FAULT);
  }
}

const idempotencyId = (workspaceId: string, key: string): string => `${workspaceId}/${key}`;
