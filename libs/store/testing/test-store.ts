import { randomBytes } from 'node:crypto';
import { watchCommands, type CommandMonitor } from '../command-monitor.js';
import { connectStore, type Store } from '../connect-store.js';

export interface TestStore {
  store: Store;
  monitor: CommandMonitor;
  /** Drops the database; fails when a forbidden form was sent. */
  end(): Promise<void>;
}

/** A store on a database of its own at HAWSER_TEST_MONGO, with every command watched. */
export async function openTestStore(): Promise<TestStore> {
  const uri = process.env['HAWSER_TEST_MONGO'];
  if (!uri) throw new Error('HAWSER_TEST_MONGO is not set: run `npm test`, or start a database and set it.');
  const store = await connectStore({
    uri,
    dbName: `hawser_test_${randomBytes(6).toString('hex')}`,
    embedded: true,
    monitorCommands: true,
  });
  const monitor = watchCommands(store.db);
  return {
    store,
    monitor,
    async end() {
      monitor.stop();
      await store.db.dropDatabase();
      await store.close();
      monitor.assertClean();
    },
  };
}
