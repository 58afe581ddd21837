import { connectStore, type Store } from '../connect-store.js';
import { openTestStore, type TestStore } from '../testing/test-store.js';
import { happeningId, type Happening } from '#domain/happening.js';
import { EventReader } from './event-reader.js';
import { EventStore } from './event-store.js';
import { EventWriter } from './event-writer.js';
import type { PlacedEvent } from './event-document.js';

let test: TestStore;
const others: Store[] = [];

beforeAll(async () => {
  test = await openTestStore();
  const uri = process.env['HAWSER_TEST_MONGO'] ?? '';
  for (let index = 0; index < 3; index += 1)
    others.push(await connectStore({ uri, dbName: test.store.db.name, embedded: true }));
});
afterAll(async () => {
  await Promise.all(others.map((store) => store.close()));
  await test.end();
});
// Each case has a log of its own, from position 1.
beforeEach(() => test.store.db.dropDatabase());

const happened = (sequence: number, part: Partial<Happening> = {}): Happening => ({
  workspaceId: 'ws_a',
  subject: 'con_a',
  generation: 1,
  sequence,
  revision: sequence,
  kind: 'connection.renewed',
  at: 1_000 + sequence,
  code: null,
  who: null,
  facts: { version: sequence },
  ...part,
});

function writerOf(store: Store = test.store, events = new EventStore(store.db)) {
  const clashes: string[] = [];
  const troubles: unknown[] = [];
  const writer = new EventWriter({
    events,
    onClash: (id) => clashes.push(id),
    onTrouble: (error) => troubles.push(error),
  });
  return { writer, events, clashes, troubles };
}

async function everything(events = new EventStore(test.store.db), from = 0): Promise<PlacedEvent[]> {
  return events.after(from, 10_000);
}

it('four writers at once: everything is stored, without a hole, each subject in its order', async () => {
  const writers = [test.store, ...others].map((store) => writerOf(store));
  const each = 150;
  await Promise.all(
    writers.flatMap(({ writer }, of) =>
      Array.from({ length: each }, (_, index) => writer.offer(happened(index + 1, { subject: `con_${of}` }))),
    ),
  );
  await Promise.all(writers.map(({ writer }) => writer.close()));
  const stored = await everything();
  expect(stored.map(({ position }) => position)).toEqual(stored.map((_, index) => index + 1));
  for (const of of writers.keys()) {
    const mine = stored.filter(({ subject }) => subject === `con_${of}`).map(({ sequence }) => sequence);
    expect(mine).toEqual(Array.from({ length: each }, (_, index) => index + 1));
  }
  expect(writers.flatMap(({ clashes, troubles }) => [...clashes, ...troubles])).toEqual([]);
  await expect(new EventStore(test.store.db).head()).resolves.toBe(4 * each);
});

it('a repeat keeps its id, and readers see it once, whichever process wrote it again', async () => {
  const [first, second] = [writerOf(), writerOf(others[0])];
  await first.writer.offer(happened(1));
  // The activity ran again: its clock went on, the version is the same.
  await second.writer.offer(happened(1, { at: 9_999 }));
  await second.writer.offer(happened(2));
  expect((await everything()).map(({ id }) => id)).toEqual(['con_a/1.1', 'con_a/1.1', 'con_a/1.2']);
  const reader = new EventReader(new EventStore(test.store.db), 0);
  expect((await reader.next(10)).map(({ id }) => id)).toEqual(['con_a/1.1', 'con_a/1.2']);
  expect(reader.position).toBe(3);
  await expect(reader.next(10)).resolves.toEqual([]);
  expect(second.clashes).toEqual([]);
});

it('another happening with an id that is taken takes the next number, and that is told', async () => {
  const { writer, events, clashes } = writerOf();
  await Promise.all([1, 2].map((sequence) => writer.offer(happened(sequence))));
  const other = happened(1, { kind: 'connection.changed', facts: { name: 'Other' } });
  await writer.offer(other);
  await writer.offer(other);
  expect(clashes).toContain('con_a/1.1');
  expect(clashes).toContain('con_a/1.2');
  expect((await everything()).map(({ id, kind }) => [id, kind])).toEqual([
    ['con_a/1.1', 'connection.renewed'],
    ['con_a/1.2', 'connection.renewed'],
    ['con_a/1.3', 'connection.changed'],
    ['con_a/1.3', 'connection.changed'],
  ]);
  const found = await events.withId({ subject: 'con_a', generation: 1, sequence: 3 }, events.segmentOf(4));
  expect(found?.event).toMatchObject({ kind: 'connection.changed', facts: { name: 'Other' } });
});

it('goes on in the next collection, and drops old ones whole', async () => {
  const { writer, events } = writerOf(test.store, new EventStore(test.store.db, 30));
  await Promise.all(Array.from({ length: 100 }, (_, index) => writer.offer(happened(index + 1))));
  expect(await everything(events)).toHaveLength(100);
  await events.dropBefore(100, 2);
  const later = new EventStore(test.store.db, 30);
  await expect(later.oldest()).resolves.toBe(61);
  await expect(later.head()).resolves.toBe(100);
  await expect(later.at(60)).resolves.toBeNull();
  expect((await everything(later, 60)).map(({ sequence }) => sequence)).toEqual(
    Array.from({ length: 40 }, (_, index) => index + 61),
  );
  const names = (await test.store.db.listCollections()).map(({ name }) => name).filter((name) => /\d$/.test(name));
  expect(names.toSorted()).toEqual(
    ['eventids_2', 'eventids_3', 'events_2', 'events_3'].filter((name) => names.includes(name)),
  );
  expect(names).toContain('events_3');
  expect(names).not.toContain('events_1');
});

it('what stops writes what waits; then nothing more is taken', async () => {
  const { writer } = writerOf();
  const offers = Promise.allSettled(Array.from({ length: 120 }, (_, index) => writer.offer(happened(index + 1))));
  await writer.close();
  expect((await offers).filter(({ status }) => status === 'fulfilled')).toHaveLength(120);
  await expect(writer.offer(happened(121))).rejects.toMatchObject({ code: 'temporarily_unavailable' });
  await expect(everything()).resolves.toHaveLength(120);
});

it('refuses at once when too many wait', async () => {
  const writer = new EventWriter({
    events: new EventStore(test.store.db),
    onClash: () => undefined,
    onTrouble: () => undefined,
    queue: 2,
  });
  const offers = await Promise.allSettled([1, 2, 3].map((sequence) => writer.offer(happened(sequence))));
  expect(offers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  expect(happeningId(happened(3))).toBe('con_a/1.3');
});
