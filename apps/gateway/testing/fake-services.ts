/** Services for tests of the gateway alone: a store in memory, a Temporal that nobody may call. */
import type { AttemptDocument } from '#store/documents.js';
import type { GatewayServices } from '../ports.js';
import { hashApiKey } from '../http/api-key.js';

export const TEST_KEY = `hk_${'a'.repeat(43)}`;
export const TEST_WORKSPACE = 'ws_testtesttesttesttest';

export interface FakeServices {
  services: GatewayServices;
  attempts: Map<string, AttemptDocument>;
  /** Every write of the store, in order. */
  writes: string[];
  failures: unknown[];
}

export function fakeServices(config: Partial<GatewayServices['config']> = {}): FakeServices {
  const attempts = new Map<string, AttemptDocument>();
  const writes: string[] = [];
  const failures: unknown[] = [];
  const store = {
    apiKeys: {
      findByHash: async (hash: string) =>
        hash === hashApiKey(TEST_KEY)
          ? { _id: hash, workspaceId: TEST_WORKSPACE, prefix: 'hk_aaaaaa', createdAt: 0 }
          : null,
      listHashes: async () => [hashApiKey(TEST_KEY)],
    },
    attempts: {
      now: async () => Date.now(),
      getForBrowser: async (id: string) => attempts.get(id) ?? null,
      get: async (_: string, id: string) => attempts.get(id) ?? null,
      compareAndSet: async (attempt: AttemptDocument, change: Partial<AttemptDocument>) => {
        if (attempts.get(attempt._id)?.revision !== attempt.revision) return null;
        const changed = { ...attempt, ...change, revision: attempt.revision + 1 };
        attempts.set(attempt._id, changed);
        writes.push(`attempt ${attempt._id} ${changed.status}`);
        return changed;
      },
    },
    connections: { get: async () => null, list: async () => ({ items: [], nextCursor: null }) },
    recipes: { get: async () => null, list: async () => ({ items: [], nextCursor: null }) },
    appClients: { get: async () => null, list: async () => ({ items: [], nextCursor: null }) },
    workspaces: { get: async () => ({ _id: TEST_WORKSPACE, name: 'Test <team>', createdAt: 0 }) },
    ping: async () => true,
  };
  const client = {
    withDeadline: async (_: number, call: () => Promise<unknown>) => call(),
    workflow: {
      getHandle: () => ({
        signal: async () => undefined,
        query: async () => Promise.reject(new Error('no Temporal here')),
      }),
      count: async () => ({ count: 0 }),
    },
    workflowService: { describeNamespace: async () => Promise.reject(new Error('no Temporal here')) },
    options: {},
  };
  const services = {
    config: {
      dataDir: '/nowhere',
      port: 3000,
      bind: '127.0.0.1',
      publicUrl: 'http://127.0.0.1:3000',
      temporal: { address: 'x:1', namespace: 'test' },
      mongodbUri: 'mongodb://x',
      originMap: [],
      hosts: [],
      rateLimit: 1000,
      metrics: { port: null, bind: '127.0.0.1' },
      trustedProxies: [],
      ...config,
    },
    store,
    client,
    sealer: { seal: async (value: unknown, binding: unknown) => `sealed:${JSON.stringify([value, binding])}` },
    events: new Proxy({}, { get: () => () => undefined }),
    eventLog: { note: () => undefined },
    log: { failed: (_: string, __: string, failure: unknown) => failures.push(failure), warn: () => undefined },
  } as unknown as GatewayServices;
  return { services, attempts, writes, failures };
}
