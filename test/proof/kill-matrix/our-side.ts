/** What we believe, read from the store: looking through the API would put frames of its own on the links that are counted. */
import { eventually } from '../../support/eventually.js';
import { projectionIn } from '../../support/projection.js';
import type { ConnectionState } from '#workflows/connection/state.js';
import type { Lane } from './lane.js';

/** The actor's projection. */
export async function projected(lane: Lane, connectionId: string): Promise<ConnectionState> {
  return JSON.parse((await projectionIn(lane.db, connectionId)).state) as ConnectionState;
}

/** How an attempt ended; waits for it. */
export const attemptEnd = (
  lane: Lane,
  attemptId: string,
  withinMs: number,
): Promise<{ outcome: string; code?: string }> =>
  eventually(
    'the attempt to end',
    async () => {
      const collections = (await lane.db.listCollections()).filter(({ name }) => name.startsWith('closedattempts'));
      for (const { name } of collections) {
        const document = await lane.db.collection(name).findOne({ _id: attemptId as never });
        const end = document?.['end'] as string | null | undefined;
        if (end) return JSON.parse(end) as { outcome: string; code?: string };
      }
      return null;
    },
    withinMs,
    150,
  );

/** Versions that the vault holds of a connection. */
export async function vaultVersions(lane: Lane, connectionId: string): Promise<number[]> {
  const documents = await lane.db.collection('credentials').find({ connectionId }).toArray();
  return documents.map((document) => document['version'] as number).sort((a, b) => a - b);
}
