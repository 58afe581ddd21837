import type { Model } from 'mongoose';
import { compareAndSet } from './compare-and-set.js';
import { insertOnce } from './insert-once.js';

/** A write that reached the database, whose answer did not reach us: the driver does not repeat it, so we do, and must know our own. */
interface Box {
  _id: string;
  revision: number;
  sealed: string;
}

const broken = (): Error => Object.assign(new Error('connection closed'), { name: 'MongoNetworkError' });
const duplicate = (): Error => Object.assign(new Error('E11000'), { name: 'MongoServerError', code: 11000 });

/** One document in memory; the first write is done and its answer lost, as often as `lost` says. */
function databaseOf(stored: Map<string, Box>, lost: number): Model<Box> {
  let toLose = lost;
  const loseAnswer = (): void => {
    if (toLose > 0) {
      toLose -= 1;
      throw broken();
    }
  };
  class Row {
    constructor(private readonly document: Box) {}
    async save(): Promise<void> {
      if (stored.has(this.document._id)) throw duplicate();
      stored.set(this.document._id, this.document);
      loseAnswer();
    }
    static findOne({ _id }: { _id: string }) {
      return { lean: () => ({ exec: async () => stored.get(_id) ?? null }) };
    }
    static updateOne({ _id, ...expected }: Partial<Box>, { $set }: { $set: Partial<Box> }) {
      return {
        exec: async () => {
          const document = stored.get(_id!);
          if (!document || document.revision !== expected.revision) return { matchedCount: 0 };
          stored.set(_id!, { ...document, ...$set });
          loseAnswer();
          return { matchedCount: 1 };
        },
      };
    }
  }
  return Row as unknown as Model<Box>;
}

const mine: Box = { _id: 'con_1/8', revision: 0, sealed: 'mine' };
const theirs: Box = { ...mine, sealed: 'theirs' };

describe('a write whose answer was lost', () => {
  it('is known as ours: insert', async () => {
    const stored = new Map<string, Box>();
    await expect(insertOnce(databaseOf(stored, 1), mine, 'vault_unavailable')).resolves.toBe(true);
    expect(stored.get(mine._id)).toEqual(mine);
  });

  it('is known as theirs: insert', async () => {
    const stored = new Map([[theirs._id, theirs]]);
    await expect(insertOnce(databaseOf(stored, 1), mine, 'vault_unavailable')).resolves.toBe(false);
    expect(stored.get(mine._id)).toEqual(theirs);
  });

  it('is known as ours: compare and set', async () => {
    const stored = new Map([[mine._id, { ...mine }]]);
    const change = { revision: 1, sealed: 'changed' };
    await expect(
      compareAndSet(databaseOf(stored, 1), mine._id, { revision: 0 }, change, 'vault_unavailable'),
    ).resolves.toBe(true);
    expect(stored.get(mine._id)).toEqual({ ...mine, ...change });
  });

  it('is not taken for ours when another writer has won: compare and set', async () => {
    const stored = new Map([[mine._id, { ...mine, revision: 1, sealed: 'other' }]]);
    const change = { revision: 1, sealed: 'changed' };
    await expect(
      compareAndSet(databaseOf(stored, 1), mine._id, { revision: 0 }, change, 'vault_unavailable'),
    ).resolves.toBe(false);
  });

  it('that stays lost gets the code of its noun', async () => {
    const stored = new Map<string, Box>();
    const model = databaseOf(stored, 0);
    jest.spyOn(model.prototype as { save(): Promise<void> }, 'save').mockImplementation(() => Promise.reject(broken()));
    await expect(insertOnce(model, mine, 'vault_unavailable')).rejects.toMatchObject({ code: 'vault_unavailable' });
  });
});
