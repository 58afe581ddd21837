import { mongo } from 'mongoose';
import { assertStorable } from './assert-storable.js';
import { isDuplicateKey } from './duplicate-key.js';
import { isStoreFault, runOperation } from './run-operation.js';

const named = (name: string, more: object = {}): Error => Object.assign(new Error('x'), { name, ...more });

describe('a store operation', () => {
  it('is repeated when the way to the database broke, and knows that it is a repeat', async () => {
    const tries: number[] = [];
    const result = await runOperation('vault_unavailable', (attempt) => {
      tries.push(attempt);
      return attempt < 2 ? Promise.reject(named('MongoNetworkError')) : Promise.resolve('done');
    });
    expect([result, tries]).toEqual(['done', [0, 1, 2]]);
  });

  it.each([
    named('MongoServerSelectionError'),
    named('MongoNetworkError'),
    named('MongoServerError', { code: 1, message: 'database or disk is full (13)' }),
    named('MongoServerError', { code: 50, message: 'operation exceeded time limit' }),
  ])('that fails thrice gets the code of its noun', async (error) => {
    await expect(runOperation('vault_unavailable', () => Promise.reject(error))).rejects.toMatchObject({
      code: 'vault_unavailable',
      cause: error,
    });
  });

  it.each([
    named('MongoServerError', { code: 238 }),
    named('MongoServerError', { code: 11000 }),
    new TypeError('ours'),
  ])('is not repeated on a fault of ours', async (error) => {
    let tries = 0;
    await expect(runOperation('temporarily_unavailable', () => ((tries += 1), Promise.reject(error)))).rejects.toBe(
      error,
    );
    expect(tries).toBe(1);
  });
});

describe("the driver's own errors", () => {
  /** Every class that the driver exports, as an object that has its name by the class. */
  const classes = Object.entries(mongo).filter(
    ([name, value]) => /^Mongo\w*Error$/.test(name) && typeof value === 'function',
  ) as unknown as [string, { prototype: Error }][];
  const bare = ({ prototype }: { prototype: Error }): Error =>
    Object.assign(Object.create(prototype) as Error, { errorLabelSet: new Set<string>() });

  it('that mean an unreachable database are known, and no others', () => {
    expect(classes.length).toBeGreaterThan(30);
    expect(
      classes
        .filter(([, type]) => isStoreFault(bare(type)))
        .map(([name]) => name)
        .sort(),
    ).toEqual([
      'MongoClientClosedError',
      'MongoExpiredSessionError',
      'MongoNetworkError',
      'MongoNetworkTimeoutError',
      'MongoNotConnectedError',
      'MongoOperationTimeoutError',
      'MongoServerClosedError',
      'MongoServerSelectionError',
      'MongoStalePrimaryError',
      'MongoTopologyClosedError',
    ]);
  });

  it('of the pool, which are not exported, are known by their names', () => {
    for (const name of [
      'MongoPoolClearedError',
      'PoolClearedOnNetworkError',
      'MongoPoolClosedError',
      'MongoWaitQueueTimeoutError',
    ])
      expect([name, isStoreFault(named(name))]).toEqual([name, true]);
  });

  it.each(['RetryableWriteError', 'RetryableError', 'SystemOverloadedError', 'ResetPool'])(
    'with the label %s may be repeated, whatever their class and code',
    (label) => {
      const error = new mongo.MongoServerError({ message: 'x', code: 9_999, errorLabels: [label] });
      expect(isStoreFault(error)).toBe(true);
      expect(isStoreFault(new mongo.MongoServerError({ message: 'x', code: 9_999 }))).toBe(false);
      expect(isStoreFault(new mongo.MongoServerError({ message: 'x', code: 11_000, errorLabels: [label] }))).toBe(
        false,
      );
    },
  );

  it('a cursor that a restart took along is read anew', () => {
    expect(isStoreFault(new mongo.MongoServerError({ message: 'cursor id 7 not found', code: 43 }))).toBe(true);
  });
});

describe('a duplicate key', () => {
  it.each([
    [named('MongoServerError', { code: 11000 }), true],
    [named('MongoServerError', { code: 1, message: 'constraint failed: UNIQUE constraint failed: x' }), true],
    [named('MongoServerError', { code: 1, message: 'database or disk is full (13)' }), false],
    [undefined, false],
  ])('%s is told: %s', (error, expected) => expect(isDuplicateKey(error)).toBe(expected));
});

describe('the check at the door', () => {
  it.each<[string, object]>([
    ['/n', { n: Number.NaN }],
    ['/a/b', { a: { b: Infinity } }],
    ['/list/0', { list: [[1]] }],
    ['/m/a.b', { m: { 'a.b': 1 } }],
    ['/m/$set', { m: { $set: 1 } }],
    ['/u', { u: undefined }],
  ])('refuses %s', (path, document) => {
    expect(() => assertStorable(document)).toThrow(path);
  });

  it('lets plain documents through', () => {
    expect(() => assertStorable({ _id: 'a', n: 1, s: 'x', list: ['a', { b: null }], m: {}, at: null })).not.toThrow();
  });
});
