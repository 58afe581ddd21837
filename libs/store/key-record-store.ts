import type { Connection, Model } from 'mongoose';
import type { KeyRecordDocument } from './documents.js';
import { storeClock } from './probe-write.js';
import { putById } from './put-by-id.js';
import { readById } from './read-by-id.js';
import { storeModel } from './store-model.js';

const FAULT = 'temporarily_unavailable';

/** What became of keys. Ids only. */
export class KeyRecordStore {
  private readonly model: Model<KeyRecordDocument>;

  constructor(private readonly db: Connection) {
    this.model = storeModel<KeyRecordDocument>(db, 'keyrecords', { ring: String, retiredAt: Number, dropped: Boolean });
  }

  get(kid: string): Promise<KeyRecordDocument | null> {
    return readById(this.model, kid, FAULT);
  }

  /** A key that nothing was written with yet. */
  added(kid: string, ring: KeyRecordDocument['ring']): Promise<void> {
    return putById(this.model, kid, { ring, retiredAt: 0, dropped: false }, FAULT);
  }

  /** Another key encrypts or seals from now on. */
  async retire(kid: string, ring: KeyRecordDocument['ring']): Promise<void> {
    const retiredAt = (await storeClock(this.db)) ?? Date.now();
    await putById(this.model, kid, { ring, retiredAt, dropped: false }, FAULT);
  }

  /** It is in use again (a rotation that was taken back). */
  revive(kid: string, ring: KeyRecordDocument['ring']): Promise<void> {
    return putById(this.model, kid, { ring, retiredAt: null, dropped: false }, FAULT);
  }

  drop(kid: string, ring: KeyRecordDocument['ring']): Promise<void> {
    return putById(this.model, kid, { ring, dropped: true }, FAULT);
  }
}
