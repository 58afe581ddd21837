/** Which of the workspace's OAuth clients a connection uses. */
import type { Store } from '#store/connect-store.js';
import { invalidFields } from '../problems/schema-issues.js';

/** Checks a named app client; `request_invalid` when it is none of this workspace and app. */
export async function checkAppClient(
  store: Store,
  workspaceId: string,
  app: string,
  appClientId: string,
): Promise<void> {
  const client = await store.appClients.get(workspaceId, appClientId);
  if (!client)
    throw invalidFields([
      { pointer: '/appClientId', detail: `There is no app client "${appClientId}" in this workspace.` },
    ]);
  if (client.app !== app) {
    throw invalidFields([
      {
        pointer: '/appClientId',
        detail: `The app client "${client.name}" is one of ${client.app}, but the connection is one of ${app}.`,
      },
    ]);
  }
}

/** The only app client that the workspace has for the app; null when there is none or a choice. */
export async function onlyAppClient(store: Store, workspaceId: string, app: string): Promise<string | null> {
  const { items } = await store.appClients.list(workspaceId, { limit: 2 }, app);
  return items.length === 1 ? (items[0]?._id ?? null) : null;
}
