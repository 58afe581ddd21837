import { openTestStore, type TestStore } from './testing/test-store.js';

/** The monitor must see what is really sent: planted forms go through a real driver. */
let test: TestStore;

beforeEach(async () => {
  test = await openTestStore();
});
afterEach(async () => {
  test.monitor.stop();
  await test.store.db.dropDatabase();
  await test.store.close();
});

describe('the command monitor', () => {
  it('passes on what the stores send', async () => {
    await test.store.workspaces.insert({ _id: 'ws_1', name: 'a', createdAt: 1 });
    await test.store.workspaces.list({ limit: 5 });
    expect(test.monitor.seen()).toBeGreaterThan(1);
    expect(() => test.monitor.assertClean()).not.toThrow();
  });

  it('fails when it saw nothing', () => {
    expect(() => test.monitor.assertClean()).toThrow(/saw nothing/);
  });

  it.each<[string, (test: TestStore) => Promise<unknown>]>([
    [
      '$push with $slice',
      ({ store }) =>
        store.db
          .collection<{ _id: string }>('x')
          .updateOne({ _id: 'a' }, { $push: { list: { $each: [1], $slice: -1 } } } as never),
    ],
    [
      '$pull with a condition',
      ({ store }) =>
        store.db.collection<{ _id: string }>('x').updateOne({ _id: 'a' }, { $pull: { list: { k: 1 } } } as never),
    ],
    [
      'projection on findAndModify',
      ({ store }) =>
        store.db
          .collection<{ _id: string }>('x')
          .findOneAndUpdate({ _id: 'a' }, { $set: { a: 1 } }, { projection: { a: 1 } }),
    ],
    [
      'pipeline update',
      ({ store }) => store.db.collection<{ _id: string }>('x').updateOne({ _id: 'a' }, [{ $set: { a: '$b' } }]),
    ],
    ['TTL index', ({ store }) => store.db.collection('x').createIndex({ at: 1 }, { expireAfterSeconds: 5 })],
    ['change stream', ({ store }) => store.db.collection('x').watch().next()],
    [
      'transaction',
      ({ store }) =>
        store.db
          .getClient()
          .withSession((session) =>
            session.withTransaction(() =>
              store.db.collection<{ _id: string }>('x').insertOne({ _id: 'a' }, { session }),
            ),
          ),
    ],
    ['find without a limit', ({ store }) => store.db.collection('x').find({}).toArray()],
  ])('fails on a planted %s', async (_name, plant) => {
    await plant(test).catch(() => undefined);
    expect(() => test.monitor.assertClean()).toThrow(/Forbidden forms were sent/);
  });
});
