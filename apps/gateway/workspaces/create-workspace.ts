/** Makes a workspace with its first API key. */
import { mintId } from '#domain/ids.js';
import type { Store } from '#store/connect-store.js';
import { hashApiKey, mintApiKey } from '../http/api-key.js';

export interface NewWorkspace {
  workspaceId: string;
  name: string;
  /** Shown once; only its hash is stored. */
  apiKey: string;
}

/** `apiKey`: a key that was minted before and is to be put in force; default: a new one. */
export async function createWorkspace(
  store: Store,
  name: string,
  apiKey: string = mintApiKey().key,
): Promise<NewWorkspace> {
  const workspaceId = mintId('workspace');
  const createdAt = Date.now();
  await store.workspaces.insert({ _id: workspaceId, name, createdAt });
  await store.apiKeys.insert({ _id: hashApiKey(apiKey), workspaceId, prefix: apiKey.slice(0, 9), createdAt });
  return { workspaceId, name, apiKey };
}
