import type { Connection, Model } from 'mongoose';
import { compareAndSet } from './compare-and-set.js';
import { deleteById } from './delete-by-id.js';
import type { IntentDocument } from './documents.js';
import { insertOnce } from './insert-once.js';
import { readOfWorkspace } from './read-by-id.js';
import { storeModel } from './store-model.js';

const FAULT = 'vault_unavailable';
/** A version is tried again only by a bounded retry; this only guards against an endless probe. */
const MAX_TRIES = 1_000;

export const intentId = (connectionId: string, version: number, tryNumber: number): string =>
  `${connectionId}/${version}/${tryNumber}`;

/** Intents: written before a token request goes out, so that a lost answer is known to be lost. Tries of a version count from 1. */
export class IntentStore {
  private readonly model: Model<IntentDocument>;

  constructor(db: Connection) {
    this.model = storeModel<IntentDocument>(db, 'intents', {
      workspaceId: String,
      connectionId: String,
      version: Number,
      fromVersion: Number,
      sendBefore: Number,
      createdAt: Number,
      outcome: String,
    });
  }

  /** @returns False when that try exists already (another worker was first: read the tries again). */
  insert(tryNumber: number, intent: Omit<IntentDocument, '_id'>): Promise<boolean> {
    return insertOnce(this.model, { _id: intentId(intent.connectionId, intent.version, tryNumber), ...intent }, FAULT);
  }

  /** Every try of a version, in order, found by probing ids. Index 0 is try 1. */
  async tries(workspaceId: string, connectionId: string, version: number): Promise<IntentDocument[]> {
    const found: IntentDocument[] = [];
    while (found.length < MAX_TRIES) {
      const next = await readOfWorkspace(
        this.model,
        workspaceId,
        intentId(connectionId, version, found.length + 1),
        FAULT,
      );
      if (!next) break;
      found.push(next);
    }
    return found;
  }

  /** Notes how a try ended. @returns False when there is no such try. */
  async settle(
    workspaceId: string,
    connectionId: string,
    version: number,
    tryNumber: number,
    outcome: Exclude<IntentDocument['outcome'], 'open'>,
  ): Promise<boolean> {
    const id = intentId(connectionId, version, tryNumber);
    if (!(await readOfWorkspace(this.model, workspaceId, id, FAULT))) return false;
    return compareAndSet(this.model, id, {}, { outcome }, FAULT);
  }

  /** Deletes every try of a version, the last first: a crash half way leaves no gap that hides the rest from probing. */
  async delete(workspaceId: string, connectionId: string, version: number): Promise<void> {
    const tries = await this.tries(workspaceId, connectionId, version);
    for (const { _id } of tries.reverse()) await deleteById(this.model, _id, FAULT);
  }
}
