/** The projection of a connection as it stands in the store, read and forged past the API. */
import type { Connection as Mongo } from 'mongoose';
import type { ConnectionDocument } from '#store/documents.js';
import { connectionOfRow, rowOfConnection, type ConnectionRow } from '#store/connection-projection.js';

export async function projectionIn(db: Mongo, connectionId: string): Promise<ConnectionDocument> {
  const row = await db.collection<ConnectionRow>('connections').findOne({ _id: connectionId });
  if (!row) throw new Error(`No projection of ${connectionId}.`);
  return connectionOfRow(row);
}

export async function forgeProjection(db: Mongo, document: ConnectionDocument): Promise<void> {
  const { _id, ...row } = rowOfConnection(document);
  await db.collection<ConnectionRow>('connections').updateOne({ _id }, { $set: row });
}
