/** The first start: one workspace whose key lies in `<data>/api-key.txt` (0600). Repeating it finds what is there. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '#store/connect-store.js';
import { hashApiKey, mintApiKey, readBearerKey } from '../http/api-key.js';
import { createWorkspace } from './create-workspace.js';

export interface FirstWorkspace {
  workspaceId: string;
  /** Null when it was there before: a key is shown once. */
  apiKey: string | null;
  keyFile: string;
}

export const apiKeyFile = (dataDir: string): string => join(dataDir, 'api-key.txt');

export async function ensureFirstWorkspace(store: Store, dataDir: string, name: string): Promise<FirstWorkspace> {
  const keyFile = apiKeyFile(dataDir);
  // The file goes first: after a crash in between, the key in it is put in force by the next start.
  const apiKey = readKeyFile(keyFile) ?? writeKeyFile(keyFile);
  const known = await store.apiKeys.findByHash(hashApiKey(apiKey));
  if (known) return { workspaceId: known.workspaceId, apiKey: null, keyFile };
  const { workspaceId } = await createWorkspace(store, name, apiKey);
  return { workspaceId, apiKey, keyFile };
}

function readKeyFile(path: string): string | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  if (readBearerKey(`Bearer ${text}`) === null)
    throw new Error(`${path} holds no API key. Delete the file; the next start makes another key.`);
  return text;
}

function writeKeyFile(path: string): string {
  const { key } = mintApiKey();
  mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 });
  writeFileSync(path, `${key}\n`, { flag: 'wx', mode: 0o600 });
  return key;
}
