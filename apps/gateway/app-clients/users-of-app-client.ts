import type { Problem } from '#contract/problem.js';
import type { Store } from '#store/connect-store.js';
import type { AppClientDocument } from '#store/documents.js';
import type { ConnectionState } from '#workflows/connection/state.js';
import { appClientsOf } from '#workflows/connection/view-of.js';

const PAGE = 200;

/** The connections that use an app client. Asked when one is deleted, so reading the app's connections page by page will do. */
export async function usersOfAppClient(
  store: Store,
  workspaceId: string,
  client: AppClientDocument,
): Promise<NonNullable<Problem['users']>> {
  const users: NonNullable<Problem['users']> = [];
  let after: string | null = null;
  do {
    const page = await store.connections.list(workspaceId, { limit: PAGE, after }, { app: client.app });
    for (const { _id, name, state } of page.items) {
      if (appClientsOf(JSON.parse(state) as ConnectionState).includes(client._id))
        users.push({ type: 'connection', id: _id, name });
    }
    after = page.nextCursor;
  } while (after !== null);
  return users;
}
