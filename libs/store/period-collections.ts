/**
 * Documents that end by their age: a collection for each period, and whole ones are dropped. FerretDB deletes by reading everything,
 * one document at a time, while everybody waits (rule 2).
 */
import type { Connection, Model, SchemaDefinition } from 'mongoose';
import { ensureIndex } from './ensure-indexes.js';
import { storeClock } from './probe-write.js';
import { runOperation } from './run-operation.js';
import { storeModel } from './store-model.js';

const FAULT = 'temporarily_unavailable';

export interface PeriodWish {
  /** The collections are `<name>_<number of the period>`; `<name>` itself is that of older builds. */
  name: string;
  fields: SchemaDefinition;
  /** A document lives so long at least, twice as long at most. */
  periodMs: number;
  /** A look-up index of each. */
  keys?: Record<string, 1>;
}

export class PeriodCollections<D extends { _id: string }> {
  private readonly models = new Map<string, Model<D>>();
  private tidiedFor = -1;

  constructor(
    private readonly db: Connection,
    private readonly wish: PeriodWish,
  ) {}

  /**
   * Where documents are, the newest first: that of the present period takes new ones, that of the period before is read, and so is that
   * of older builds. Periods are counted by the database's clock: no two gateways disagree.
   */
  async open(): Promise<[Model<D>, ...Model<D>[]]> {
    const now = (await runOperation(FAULT, () => storeClock(this.db))) ?? Date.now();
    const period = Math.floor(now / this.wish.periodMs);
    if (period > this.tidiedFor) {
      this.tidiedFor = period;
      // Nobody waits for it. What fails is done at the next start or the next period.
      void this.tidy(period).catch(() => undefined);
    }
    const { name } = this.wish;
    return [this.model(nameOf(name, period)), this.model(nameOf(name, period - 1)), this.model(name)];
  }

  /** The collection of older builds goes with the first one of ours: until then one of theirs may still have written. */
  private async tidy(present: number): Promise<void> {
    const { name, keys } = this.wish;
    if (keys) await ensureIndex(this.db, nameOf(name, present), keys);
    const all = (await this.db.db?.listCollections({}, { nameOnly: true }).toArray()) ?? [];
    const over = all.map((one) => one.name).filter((one) => (periodOf(name, one) ?? present) < present - 1);
    if (over.length === 0) return;
    for (const one of [...over, name]) {
      await this.db.dropCollection(one);
      if (one !== name && this.models.delete(one)) this.db.deleteModel(one);
    }
  }

  private model(collection: string): Model<D> {
    const model = this.models.get(collection) ?? storeModel<D>(this.db, collection, this.wish.fields);
    this.models.set(collection, model);
    return model;
  }
}

const nameOf = (name: string, period: number): string => `${name}_${period}`;

/** The number in a collection's name; null = it is none of ours. */
function periodOf(name: string, collection: string): number | null {
  const digits = collection.startsWith(`${name}_`) ? collection.slice(name.length + 1) : '';
  return /^\d+$/.test(digits) ? Number(digits) : null;
}
