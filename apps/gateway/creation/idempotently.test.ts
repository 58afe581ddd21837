import { HawserError } from '#domain/errors.js';
import type { IdempotencyDocument } from '#store/documents.js';
import type { IdempotencyStore } from '#store/idempotency-store.js';
import { idempotently } from './idempotently.js';

function memory(): IdempotencyStore {
  const documents = new Map<string, IdempotencyDocument>();
  return {
    begin: async ({ key, requestHash, resourceId, workspaceId }) => {
      const earlier = documents.get(key);
      if (earlier && earlier.requestHash !== requestHash) throw new HawserError('idempotency_key_reused');
      const document = earlier ?? {
        _id: key,
        workspaceId,
        requestHash,
        resourceId,
        status: null,
        body: null,
        createdAt: 0,
      };
      documents.set(key, document);
      return document;
    },
    complete: async (_: string, key: string, answer: { status: number; body: string }) => {
      documents.set(key, { ...documents.get(key)!, ...answer });
    },
  } as IdempotencyStore;
}

const wish = (made: string[], change: Partial<Parameters<typeof idempotently<string>>[1]> = {}) => ({
  workspaceId: 'ws',
  key: 'k',
  endpoint: 'POST /v1/things',
  body: { a: 1 },
  mint: () => `id${Math.random()}`,
  make: async (id: string) => {
    made.push(id);
    return id;
  },
  ...change,
});

test('a repeat gets the first answer and makes nothing', async () => {
  const store = memory();
  const made: string[] = [];
  const first = await idempotently(store, wish(made));
  expect(await idempotently(store, wish(made))).toBe(first);
  expect(made).toEqual([first]);
});

test('a repeat after a crash finishes the same thing', async () => {
  const store = memory();
  const made: string[] = [];
  const failing = wish(made, { make: async (id) => Promise.reject(new Error(`crash ${made.push(id)}`)) });
  await expect(idempotently(store, failing)).rejects.toThrow('crash');
  const second = await idempotently(store, wish(made));
  expect(made).toEqual([second, second]);
});

test('the same key with another body is refused', async () => {
  const store = memory();
  await idempotently(store, wish([]));
  await expect(idempotently(store, wish([], { body: { a: 2 } }))).rejects.toMatchObject({
    code: 'idempotency_key_reused',
  });
});

test('without a key each request makes its own', async () => {
  const made: string[] = [];
  await idempotently(memory(), wish(made, { key: undefined }));
  await idempotently(memory(), wish(made, { key: undefined }));
  expect(new Set(made).size).toBe(2);
});

test.each(['', ' ', 'ü', 'x'.repeat(201)])('the key %j is refused', async (key) => {
  await expect(idempotently(memory(), wish([], { key }))).rejects.toMatchObject({
    code: 'request_invalid',
    options: { pointer: '#/header/idempotency-key' },
  });
});
