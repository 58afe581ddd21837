import { mintId } from '#domain/ids.js';
import type { AttemptDocument, ConnectionDocument, RecipeDocument, Sealed } from './documents.js';
import { ensureIndexes } from './ensure-indexes.js';
import { attemptDocument } from './testing/attempt-document.js';
import { openTestStore, type TestStore } from './testing/test-store.js';

let test: TestStore;
const ws = mintId('workspace');
const other = mintId('workspace');
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

beforeAll(async () => {
  test = await openTestStore();
  await ensureIndexes(test.store.db);
  await ensureIndexes(test.store.db);
});
// Fails when any command of this whole file had a forbidden form.
afterAll(() => test.end());

const connection = (more: Partial<ConnectionDocument> = {}): ConnectionDocument => ({
  _id: mintId('connection'),
  workspaceId: ws,
  app: 'salesforce',
  name: 'Production',
  createdAt: 1,
  revision: 0,
  generation: 1,
  state: '{}',
  deleted: false,
  ...more,
});

const attempt = (more: Partial<AttemptDocument> = {}): AttemptDocument => attemptDocument(ws, more);

describe('connections', () => {
  it('are found in their own workspace only', async () => {
    const { connections } = test.store;
    const one = connection();
    await expect(connections.insert(one)).resolves.toBe(true);
    await expect(connections.insert(one)).resolves.toBe(false);
    await expect(connections.get(ws, one._id)).resolves.toEqual(one);
    await expect(connections.get(other, one._id)).resolves.toBeNull();
    await expect(connections.project(other, one._id, { ...one, revision: 5 })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('are listed page by page, each once, without tombstones', async () => {
    const { connections } = test.store;
    const mine = mintId('workspace');
    const all = times(7, (index) => connection({ workspaceId: mine, app: index % 2 ? 'zendesk' : 'salesforce' }));
    for (const one of all) await connections.insert(one);
    await connections.insert(connection({ workspaceId: mine, deleted: true }));
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page: { items: ConnectionDocument[]; nextCursor: string | null } = await connections.list(mine, {
        limit: 3,
        after,
      });
      expect(page.items.length).toBeLessThanOrEqual(3);
      seen.push(...page.items.map((one) => one._id));
      after = page.nextCursor;
    } while (after);
    expect(seen).toEqual(all.map((one) => one._id).sort());
    expect((await connections.list(mine, { limit: 7 })).nextCursor).toBeNull();
    expect((await connections.list(mine, { limit: 50 }, { app: 'zendesk' })).items).toHaveLength(3);
  });

  it('keep the newest projection, in whatever order and however often writers come', async () => {
    const { connections } = test.store;
    const one = connection();
    await connections.insert(one);
    const steps = times(24, (index) => ({
      generation: 1 + Math.floor(index / 12),
      revision: 1 + (index % 12),
    })).reverse();
    const shuffled = steps
      .flatMap((step, index) => (index % 3 ? [step] : [step, step]))
      .sort(() => Math.random() - 0.5);
    const write = (step: { generation: number; revision: number }) =>
      connections.project(ws, one._id, {
        ...step,
        state: JSON.stringify(step),
        name: `r${step.revision}`,
        app: 'salesforce',
        deleted: false,
      });
    await Promise.all(shuffled.slice(0, 8).map(write));
    for (const step of shuffled.slice(8)) await write(step);
    const last = { generation: 2, revision: 12 };
    await expect(connections.get(ws, one._id)).resolves.toMatchObject({
      ...last,
      state: JSON.stringify(last),
      name: 'r12',
    });
    await expect(write({ generation: 1, revision: 99 })).resolves.toBe(false);
    await expect(write(last)).resolves.toBe(false);
  });

  it('make a missing document anew, and never take a tombstone back', async () => {
    const { connections } = test.store;
    const id = mintId('connection');
    const projection = { generation: 1, revision: 4, state: '{}', name: 'n', app: 'a', deleted: false };
    await expect(connections.project(ws, id, projection)).resolves.toBe(true);
    await expect(connections.project(ws, id, { ...projection, revision: 5, deleted: true })).resolves.toBe(true);
    await expect(connections.project(ws, id, { ...projection, generation: 9 })).resolves.toBe(false);
    await expect(connections.get(ws, id)).resolves.toMatchObject({ deleted: true, revision: 5 });
  });

  it('of an older build are read, listed, and overtaken by newer revisions only', async () => {
    const { connections, db } = test.store;
    const mine = mintId('workspace');
    const { _id, ...older } = connection({ workspaceId: mine, generation: 2, revision: 9, state: '{"old":1}' });
    await db.collection<{ _id: string }>('connections').insertOne({ _id, ...older });
    await expect(connections.get(mine, _id)).resolves.toEqual({ _id, ...older });
    await expect(connections.project(mine, _id, { ...older, generation: 1, revision: 99 })).resolves.toBe(false);
    const newer = { ...older, name: 'A "name"\nof two lines', generation: 2, revision: 10, state: '{"a b":"\\n"}\n' };
    await expect(connections.project(mine, _id, newer)).resolves.toBe(true);
    expect((await connections.list(mine, { limit: 5 })).items).toEqual([{ _id, ...newer }]);
  });

  it('have a late twin that read before the newest was written and writes after it: the newest stays', async () => {
    const { connections } = test.store;
    const one = connection();
    await connections.insert(one);
    const writers = times(30, (index) =>
      connections.project(ws, one._id, { ...one, revision: 30 - index, state: `{"r":${30 - index}}` }),
    );
    const written = await Promise.all(writers);
    expect(written[0]).toBe(true);
    await expect(connections.get(ws, one._id)).resolves.toMatchObject({ revision: 30, state: '{"r":30}' });
  });
});

describe('attempts', () => {
  it('have one winner of 50 at once', async () => {
    const { attempts } = test.store;
    const one = attempt();
    await attempts.insert(one);
    const results = await Promise.all(
      times(50, (index) => attempts.compareAndSet(one, { status: 'opened', cookieHash: `cookie${index}` })),
    );
    const winners = results.filter((result) => result !== null);
    expect(winners).toHaveLength(1);
    await expect(attempts.getForBrowser(one._id)).resolves.toEqual(winners[0]);
    expect(winners[0]).toMatchObject({ revision: 1, status: 'opened' });
  });

  it('close once, with the first end, and lose their sealed parts', async () => {
    const { attempts } = test.store;
    const one = attempt({ sealedCode: 'code' as Sealed });
    await attempts.insert(one);
    await Promise.all(times(5, (index) => attempts.close(ws, one._id, `end${index}`)));
    const closed = await attempts.get(ws, one._id);
    expect(closed).toMatchObject({ status: 'closed', revision: 1, sealedVerifier: null, sealedCode: null });
    await expect(attempts.close(ws, one._id, 'later')).resolves.toEqual(closed);
    await expect(attempts.close(other, one._id, 'later')).resolves.toBeNull();
    await expect(attempts.compareAndSet(one, { status: 'answered' })).resolves.toBeNull();
    await expect(attempts.compareAndSet(closed!, { status: 'answered' })).resolves.toBeNull();
  });

  it('are found all the time while they are closed, and are no longer among those under way after it', async () => {
    const { attempts } = test.store;
    const one = attempt();
    await attempts.insert(one);
    const ends = times(5, (index) => attempts.close(ws, one._id, `end${index}`));
    const seen = await Promise.all(times(40, () => attempts.getForBrowser(one._id)));
    expect(seen.filter((found) => found === null)).toEqual([]);
    expect(new Set((await Promise.all(ends)).map((closed) => closed?.end)).size).toBe(1);
    const underWay = (await attempts.listForReseal({ limit: 1_000 })).items.map(({ _id }) => _id);
    expect(underWay).not.toContain(one._id);
    await expect(attempts.deleteOfConnection(ws, one.connectionId)).resolves.toBe(1);
    await expect(attempts.get(ws, one._id)).resolves.toBeNull();
  });

  it('of a deleted connection are deleted, no others', async () => {
    const { attempts } = test.store;
    const [a, b, c] = [attempt(), attempt(), attempt()];
    b.connectionId = a.connectionId;
    for (const one of [a, b, c]) await attempts.insert(one);
    await expect(attempts.deleteOfConnection(ws, a.connectionId)).resolves.toBe(2);
    await expect(attempts.get(ws, b._id)).resolves.toBeNull();
    await expect(attempts.get(ws, c._id)).resolves.not.toBeNull();
  });
});

describe('recipes', () => {
  const recipe = (): RecipeDocument => ({
    _id: mintId('recipe'),
    workspaceId: ws,
    name: 'Accounts',
    version: 1,
    // What the embedded database could not keep as a document: nested arrays, dots and dollars in keys.
    definition: {
      trigger: { binding: 'a.b', operation: 'op', input: { matrix: [[1, [2]]], $odd: { 'x.y': null } } },
      steps: [],
      concurrency: 1,
    },
    bindings: { 'a.b': { app: 'salesforce', connectionId: null } },
    createdAt: 1,
    updatedAt: 1,
    revision: 0,
    state: null,
    deleted: false,
  });

  it('come back as they were, with every version', async () => {
    const { recipes } = test.store;
    const one = recipe();
    await expect(recipes.insert(one)).resolves.toBe(true);
    await expect(recipes.insert(one)).resolves.toBe(false);
    await expect(recipes.get(ws, one._id)).resolves.toEqual(one);
    await expect(recipes.get(other, one._id)).resolves.toBeNull();
    const changes = await Promise.all(
      times(10, (index) =>
        recipes.change(ws, one._id, 1, {
          name: `n${index}`,
          definition: { ...one.definition, concurrency: index },
          bindings: {},
        }),
      ),
    );
    const [winner, ...more] = changes.filter((change) => change !== null);
    expect(more).toEqual([]);
    await expect(recipes.get(ws, one._id)).resolves.toEqual(winner);
    await expect(recipes.getVersion(ws, one._id, 1)).resolves.toMatchObject({ definition: one.definition });
    await expect(recipes.getVersion(ws, one._id, 2)).resolves.toMatchObject({
      definition: winner!.definition,
      recipeId: one._id,
    });
    await expect(recipes.change(ws, one._id, 1, one)).resolves.toBeNull();
    await expect(recipes.change(ws, one._id, 2, one)).resolves.toMatchObject({ version: 3 });
  });

  it('keep the newest projection and their tombstone', async () => {
    const { recipes } = test.store;
    const one = recipe();
    await recipes.insert(one);
    await Promise.all(
      times(8, (index) =>
        recipes.project(ws, one._id, { revision: index + 1, state: `s${index + 1}`, deleted: false }),
      ),
    );
    await expect(recipes.get(ws, one._id)).resolves.toMatchObject({ revision: 8, state: 's8' });
    await expect(recipes.project(ws, one._id, { revision: 8, state: 'again', deleted: false })).resolves.toBe(false);
    await recipes.project(ws, one._id, { revision: 9, state: 'gone', deleted: true });
    await expect(recipes.project(ws, one._id, { revision: 10, state: 'back', deleted: false })).resolves.toBe(false);
    await expect(recipes.change(ws, one._id, 1, one)).resolves.toBeNull();
    await expect(
      recipes.project(ws, mintId('recipe'), { revision: 1, state: '', deleted: false }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('the other nouns', () => {
  it('workspaces and API keys', async () => {
    const { workspaces, apiKeys } = test.store;
    await workspaces.insert({ _id: ws, name: 'Demo', createdAt: 1 });
    await expect(workspaces.insert({ _id: ws, name: 'Demo', createdAt: 1 })).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(workspaces.get(ws)).resolves.toEqual({ _id: ws, name: 'Demo', createdAt: 1 });
    expect((await workspaces.list({ limit: 10 })).items).toHaveLength(1);
    const key = { _id: 'ab'.repeat(32), workspaceId: ws, prefix: 'hk_abc', createdAt: 1 };
    await apiKeys.insert(key);
    await expect(apiKeys.findByHash(key._id)).resolves.toEqual(key);
    await expect(apiKeys.findByHash({ $ne: '' } as unknown as string)).resolves.toBeNull();
    await apiKeys.delete(other, key._id);
    await expect(apiKeys.findByHash(key._id)).resolves.toEqual(key);
    await apiKeys.delete(ws, key._id);
    await expect(apiKeys.findByHash(key._id)).resolves.toBeNull();
  });

  it('app clients', async () => {
    const { appClients } = test.store;
    const client = {
      _id: mintId('appClient'),
      workspaceId: ws,
      app: 'zendesk',
      name: 'Ours',
      clientId: 'abc',
      sealedSecret: 'box' as Sealed,
      createdAt: 1,
    };
    await appClients.insert(client);
    await expect(appClients.get(ws, client._id)).resolves.toEqual(client);
    await expect(appClients.change(other, client._id, { name: 'x' })).resolves.toBe(false);
    await expect(appClients.change(ws, client._id, { clientId: 'def', sealedSecret: 'box2' as Sealed })).resolves.toBe(
      true,
    );
    await expect(appClients.replaceSealed(ws, client._id, 'box' as Sealed, 'x' as Sealed)).resolves.toBe(false);
    expect((await appClients.list(ws, { limit: 10 }, 'zendesk')).items).toEqual([
      { ...client, clientId: 'def', sealedSecret: 'box2' },
    ]);
    await appClients.delete(ws, client._id);
    await expect(appClients.get(ws, client._id)).resolves.toBeNull();
  });

  it('idempotency keys: one begins, the others find its document and later its answer', async () => {
    const { idempotency } = test.store;
    const request = { workspaceId: ws, key: 'k e/y$.', requestHash: 'h1' };
    const begun = await Promise.all(
      times(20, (index) => idempotency.begin({ ...request, resourceId: `con_${index}` })),
    );
    expect(new Set(begun.map((one) => one.resourceId)).size).toBe(1);
    await idempotency.complete(ws, request.key, { status: 201, body: '{"a":1}' });
    await idempotency.complete(ws, request.key, { status: 500, body: 'later' });
    await expect(idempotency.begin({ ...request, resourceId: 'x' })).resolves.toMatchObject({
      status: 201,
      body: '{"a":1}',
    });
    await expect(idempotency.begin({ ...request, requestHash: 'h2', resourceId: 'x' })).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    });
    await expect(idempotency.begin({ ...request, workspaceId: other, resourceId: 'y' })).resolves.toMatchObject({
      resourceId: 'y',
    });
  });
});
