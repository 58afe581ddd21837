import type { Connection, Model } from 'mongoose';
import { raiseById } from './raise-by-id.js';
import { insertOnce } from './insert-once.js';
import { readById } from './read-by-id.js';
import { STORE_FORMAT } from './store-format.js';
import { storeModel } from './store-model.js';

const FAULT = 'temporarily_unavailable';
const ID = 'format';

interface FormatDocument {
  _id: string;
  /** The newest format that a process has written. It never falls. */
  number: number;
}

/**
 * The number of the format in which the store is written. A build reads the format before its own too; a process that is older than the
 * store must not write: it does not know what it would undo.
 */
export class FormatStore {
  private readonly model: Model<FormatDocument>;

  constructor(db: Connection) {
    this.model = storeModel<FormatDocument>(db, 'meta', { number: Number });
  }

  /** The number of the store; 0 = nobody has written one. */
  async number(): Promise<number> {
    return (await readById(this.model, ID, FAULT))?.number ?? 0;
  }

  /**
   * At the start of a process, before it writes anything: raises the number to its own.
   * @throws Error with one line for the operator when the store is newer.
   */
  async claim(own = STORE_FORMAT): Promise<void> {
    if (!(await insertOnce(this.model, { _id: ID, number: own }, FAULT)))
      await raiseById(this.model, ID, { number: own }, {}, FAULT);
    const present = await this.number();
    if (present > own) throw new Error(olderBuild(own, present));
  }
}

export const olderBuild = (own: number, present: number): string =>
  `This build writes store format ${own}, and a newer one has written format ${present}. It would write stale documents: stop it, and start the newer build.`;
