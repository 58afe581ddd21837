/** Two builds side by side: the older one refuses to write a newer store, and what it wrote before is read by the newer one. */
import { connectionOfRow, projectionText, rowOfConnection, type ConnectionRow } from './connection-projection.js';
import type { ConnectionDocument } from './documents.js';
import { startProcessReports } from './report-process.js';
import { STORE_FORMAT } from './store-format.js';
import { openTestStore, type TestStore } from './testing/test-store.js';

const document: ConnectionDocument = {
  _id: 'con_a',
  workspaceId: 'ws_a',
  app: 'salesforce',
  name: 'A',
  createdAt: 1,
  revision: 7,
  generation: 1,
  state: '{"status":"connected"}',
  deleted: false,
};
const older = { name: 'Old', generation: 1, state: '{"status":"draft"}' };

test('g39: what a worker of the format before has written since is read, what it wrote earlier is not', () => {
  const row = rowOfConnection(document);
  expect(connectionOfRow({ ...row, ...older, revision: 8 })).toMatchObject({ revision: 8, name: 'Old' });
  expect(connectionOfRow({ ...row, ...older, revision: 6 })).toEqual(document);
  expect(connectionOfRow({ ...row, ...older, revision: 7 })).toEqual(document);
  const { projection: _, ...without } = { ...row, ...older, revision: 3 } as ConnectionRow;
  expect(connectionOfRow(without)).toMatchObject({ revision: 3, state: older.state });
  // A tombstone stands above all else.
  const dead = { ...row, deleted: true, projection: projectionText({ ...document, deleted: true }) };
  expect(connectionOfRow({ ...dead, ...older, revision: 6 })).toMatchObject({ deleted: true, revision: 7 });
});

let test_: TestStore;
beforeAll(async () => void (test_ = await openTestStore()));
afterAll(() => test_.end());

test('g39: an older build does not begin on a newer store, and one that runs is told to stop', async () => {
  const { format, processes } = test_.store;
  await format.claim();
  await format.claim();
  const told: number[] = [];
  const reports = startProcessReports({
    processes,
    format,
    kind: 'worker',
    everyMs: 50,
    facts: () => ({ payloadKeys: [], sealingKeys: [], openingKeys: [], storeFormat: STORE_FORMAT }),
    onOlder: (present) => void told.push(present),
    onTrouble: (error) => console.error(error),
  });
  while ((await processes.living()).length === 0) await new Promise((next) => setTimeout(next, 10));
  expect(told).toEqual([]);
  await format.claim(STORE_FORMAT + 1);
  while (told.length === 0) await new Promise((next) => setTimeout(next, 10));
  await expect(format.claim()).rejects.toThrow(/a newer one has written format 3/);
  expect(await format.number()).toBe(STORE_FORMAT + 1);
  await reports.stop();
  expect(told).toEqual([STORE_FORMAT + 1]);
  expect(await processes.living()).toEqual([]);
}, 30_000);
