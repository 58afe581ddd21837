/** 10,000 events offered within 10 s by four writers, each with a connection of its own: all stored within 60 s, without a hole. */
import type { Happening } from '#domain/happening.js';
import { connectStore, type Store } from '../connect-store.js';
import { openTestStore, type TestStore } from '../testing/test-store.js';
import { EventStore } from './event-store.js';
import { EventWriter } from './event-writer.js';

const EACH = 2_500;
const OFFERED_WITHIN_MS = 10_000;
let test: TestStore;
const stores: Store[] = [];

beforeAll(async () => {
  test = await openTestStore();
  const uri = process.env['HAWSER_TEST_MONGO'] ?? '';
  for (let index = 0; index < 4; index += 1)
    stores.push(await connectStore({ uri, dbName: test.store.db.name, embedded: true }));
});
afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await test.end();
});

const happened = (of: number, sequence: number): Happening => ({
  workspaceId: 'ws_a',
  subject: `con_${of}_${sequence % 50}`,
  generation: 1,
  sequence,
  revision: sequence,
  kind: 'connection.renewed',
  at: Date.now(),
  code: null,
  who: 'system',
  facts: { version: sequence, from: sequence - 1, because: 'due' },
});

async function offerAll(store: Store, of: number): Promise<void> {
  const writer = new EventWriter({
    events: new EventStore(store.db),
    onClash: () => undefined,
    onTrouble: () => undefined,
  });
  const offers: Promise<void>[] = [];
  const begun = Date.now();
  for (let sequence = 1; sequence <= EACH; sequence += 1) {
    offers.push(writer.offer(happened(of, sequence)));
    const due = begun + (sequence / EACH) * OFFERED_WITHIN_MS;
    if (due > Date.now()) await new Promise((resolve) => setTimeout(resolve, due - Date.now()));
  }
  await Promise.all(offers);
}

it('stores 10,000 events of four writers within 60 s', async () => {
  const begun = Date.now();
  await Promise.all(stores.map(offerAll));
  const tookMs = Date.now() - begun;
  const events = await new EventStore(test.store.db).after(0, 50_000);
  process.stderr.write(
    `${events.length} events of four writers stored ${(tookMs / 1000).toFixed(1)} s after the first offer\n`,
  );
  expect(events).toHaveLength(4 * EACH);
  expect(events.map(({ position }) => position)).toEqual(events.map((_, index) => index + 1));
  expect(new Set(events.map(({ id }) => id)).size).toBe(4 * EACH);
  expect(tookMs).toBeLessThan(60_000);
}, 180_000);
