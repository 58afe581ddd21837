import { mintId } from '#domain/ids.js';
import type { CredentialDocument, Sealed } from './documents.js';
import { openTestStore, type TestStore } from './testing/test-store.js';

let test: TestStore;
const ws = mintId('workspace');
const other = mintId('workspace');
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

beforeAll(async () => {
  test = await openTestStore();
});
// Fails when any command of this whole file had a forbidden form.
afterAll(() => test.end());

const credential = (
  connectionId: string,
  version: number,
  grantId = 'att_1',
  sealed = 'box',
): Omit<CredentialDocument, '_id'> => ({
  workspaceId: ws,
  connectionId,
  version,
  facts: {
    version,
    grantId,
    obtainedAt: 1,
    accessExpiresAt: null,
    hasRefreshToken: true,
    refreshExpiresAt: null,
    scopes: [],
    instanceUrl: 'https://x',
    refreshed: true,
  },
  sealed: sealed as Sealed,
  createdAt: 1,
});

describe('credentials', () => {
  it('store a version once: 50 at once give one, and it is never overwritten', async () => {
    const { credentials } = test.store;
    const id = mintId('connection');
    const results = await Promise.all(
      times(50, (index) => credentials.insertIfAbsent(credential(id, 8, 'att_1', `box${index}`))),
    );
    expect(results.filter(Boolean)).toHaveLength(1);
    const stored = await credentials.get(ws, id, 8);
    expect(stored).toMatchObject({ _id: `${id}/8`, sealed: `box${results.indexOf(true)}` });
    expect(stored?.facts).toEqual(credential(id, 8).facts);
    await expect(credentials.insertIfAbsent(credential(id, 8, 'att_1', 'late'))).resolves.toBe(false);
    await expect(credentials.get(ws, id, 8)).resolves.toEqual(stored);
    await expect(credentials.get(other, id, 8)).resolves.toBeNull();
  });

  it('find the newest of a grant above a version, over gaps', async () => {
    const { credentials } = test.store;
    const id = mintId('connection');
    for (const [version, grant] of [
      [1, 'g1'],
      [2, 'g1'],
      [5, 'g1'],
      [6, 'g2'],
    ] as const)
      await credentials.insertIfAbsent(credential(id, version, grant));
    const newest = async (wish: { above: number; highest: number; grantId?: string; gap?: number }) =>
      (await credentials.newestAbove(ws, id, wish))?.version ?? null;
    await expect(newest({ above: 2, highest: 3 })).resolves.toBe(6);
    await expect(newest({ above: 2, highest: 3, grantId: 'g1' })).resolves.toBe(5);
    await expect(newest({ above: 2, highest: 3, grantId: 'g1', gap: 0 })).resolves.toBeNull();
    await expect(newest({ above: 6, highest: 6 })).resolves.toBeNull();
    await expect(newest({ above: 0, highest: 2, gap: 0 })).resolves.toBe(2);
  });

  it('are re-sealed by compare-and-set, listed and deleted', async () => {
    const { credentials } = test.store;
    const id = mintId('connection');
    await credentials.insertIfAbsent(credential(id, 1));
    await credentials.insertIfAbsent(credential(id, 2));
    await expect(credentials.replaceSealed(ws, id, 1, 'box' as Sealed, 'new' as Sealed)).resolves.toBe(true);
    await expect(credentials.replaceSealed(ws, id, 1, 'box' as Sealed, 'newer' as Sealed)).resolves.toBe(false);
    expect((await credentials.listOfConnection(ws, id)).map((one) => one.sealed)).toEqual(['new', 'box']);
    await expect(credentials.listOfConnection(other, id)).resolves.toEqual([]);
    await credentials.delete(other, id, 1);
    await credentials.delete(ws, id, 2);
    await credentials.delete(ws, id, 2);
    expect((await credentials.listOfConnection(ws, id)).map((one) => one.version)).toEqual([1]);
    expect((await credentials.listForReseal({ limit: 500 })).items.length).toBeGreaterThan(0);
  });
});

describe('intents', () => {
  it('are kept per try, settled, probed and deleted', async () => {
    const { intents } = test.store;
    const id = mintId('connection');
    const intent = {
      workspaceId: ws,
      connectionId: id,
      version: 8,
      fromVersion: 7,
      sendBefore: 5,
      createdAt: 1,
      outcome: 'open' as const,
    };
    await expect(intents.insert(1, intent)).resolves.toBe(true);
    await expect(intents.insert(1, intent)).resolves.toBe(false);
    await intents.insert(2, intent);
    await expect(intents.settle(ws, id, 8, 1, 'not_sent')).resolves.toBe(true);
    await expect(intents.settle(other, id, 8, 2, 'stored')).resolves.toBe(false);
    expect((await intents.tries(ws, id, 8)).map((one) => one.outcome)).toEqual(['not_sent', 'open']);
    await intents.delete(ws, id, 8);
    await expect(intents.tries(ws, id, 8)).resolves.toEqual([]);
  });
});
