import type { Connection } from 'mongoose';
import { HawserError } from '#domain/errors.js';
import { compareAndSet } from './compare-and-set.js';
import type { IdempotencyDocument } from './documents.js';
import { insertOnce } from './insert-once.js';
import { readOfWorkspace } from './read-by-id.js';
import { PeriodCollections } from './period-collections.js';

const FAULT = 'temporarily_unavailable';
/** A key is remembered for a week at least, for two at most. */
const REMEMBERED_MS = 7 * 24 * 3_600_000;

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
  private readonly keys: PeriodCollections<IdempotencyDocument>;

  constructor(db: Connection) {
    const fields = {
      workspaceId: String,
      requestHash: String,
      resourceId: String,
      status: Number,
      body: String,
      createdAt: Number,
    };
    this.keys = new PeriodCollections(db, { name: 'idempotency', fields, periodMs: REMEMBERED_MS });
  }

  /**
   * Begins a creation, or finds the earlier one with the same key.
   * @returns The document in force: do the work for its `resourceId` (idempotently) unless `body` has the answer already.
   * @throws HawserError `idempotency_key_reused` when the key was used with another request.
   */
  async begin({ workspaceId, key, requestHash, resourceId }: IdempotentRequest): Promise<IdempotencyDocument> {
    const _id = idempotencyId(workspaceId, key);
    const document = { _id, workspaceId, requestHash, resourceId, status: null, body: null, createdAt: Date.now() };
    const [present, ...before] = await this.keys.open();
    let earlier: IdempotencyDocument | null = null;
    for (const model of before) earlier ??= await readOfWorkspace(model, workspaceId, _id, FAULT);
    if (!earlier && (await insertOnce(present, document, FAULT))) return document;
    earlier ??= await readOfWorkspace(present, workspaceId, _id, FAULT);
    if (!earlier) throw new HawserError('temporarily_unavailable');
    if (earlier.requestHash !== requestHash) throw new HawserError('idempotency_key_reused');
    return earlier;
  }

  /** Keeps the answer for later repeats; the first answer stays (of two at the same moment, one: both tell of the same resource). */
  async complete(workspaceId: string, key: string, answer: { status: number; body: string }): Promise<void> {
    const id = idempotencyId(workspaceId, key);
    for (const model of await this.keys.open()) {
      const begun = await readOfWorkspace(model, workspaceId, id, FAULT);
      if (begun?.status === null) await compareAndSet(model, id, {}, answer, FAULT);
      if (begun) return;
    }
  }
}

const idempotencyId = (workspaceId: string, key: string): string => `${workspaceId}/${key}`;
