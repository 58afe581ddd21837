import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '#store/connect-store.js';
import { apiKeyFile, ensureFirstWorkspace } from './first-workspace.js';

function memory() {
  const keys = new Map<string, { _id: string; workspaceId: string }>();
  const workspaces: string[] = [];
  const store = {
    workspaces: { insert: async ({ _id }: { _id: string }) => void workspaces.push(_id) },
    apiKeys: {
      insert: async (key: { _id: string; workspaceId: string }) => void keys.set(key._id, key),
      findByHash: async (hash: string) => keys.get(hash) ?? null,
    },
  } as unknown as Store;
  return { store, keys, workspaces };
}

let dataDir: string;
beforeEach(() => void (dataDir = mkdtempSync(join(tmpdir(), 'hawser-first-'))));
afterEach(() => rmSync(dataDir, { recursive: true }));

test('the first start makes a workspace and a key file of 0600; the second finds both and shows no key', async () => {
  const { store, keys, workspaces } = memory();
  const first = await ensureFirstWorkspace(store, dataDir, 'Demo');
  expect(readFileSync(apiKeyFile(dataDir), 'utf8').trim()).toBe(first.apiKey);
  expect(statSync(apiKeyFile(dataDir)).mode & 0o777).toBe(0o600);
  expect([...keys.keys()].join()).not.toContain(first.apiKey);
  expect(await ensureFirstWorkspace(store, dataDir, 'Demo')).toEqual({
    workspaceId: first.workspaceId,
    apiKey: null,
    keyFile: first.keyFile,
  });
  expect(workspaces).toHaveLength(1);
});

test('after a crash between file and store, and with a new database, the key of the file is put in force', async () => {
  const first = await ensureFirstWorkspace(memory().store, dataDir, 'Demo');
  const again = await ensureFirstWorkspace(memory().store, dataDir, 'Demo');
  expect(again.apiKey).toBe(first.apiKey);
});

test('a file that holds no key stops the start with its name', async () => {
  writeFileSync(apiKeyFile(dataDir), 'hello');
  await expect(ensureFirstWorkspace(memory().store, dataDir, 'Demo')).rejects.toThrow('api-key.txt');
});
