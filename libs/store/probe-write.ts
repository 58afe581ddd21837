import type { Connection } from 'mongoose';
import { runOperation } from './run-operation.js';

/**
 * Writes a document of no meaning and takes it away again: whether the database takes writes is seen in no other way.
 * @throws HawserError `temporarily_unavailable`; the server's own error when it refuses.
 */
export async function probeWrite(db: Connection): Promise<void> {
  const probes = db.collection<{ _id: string; at: number }>('probes');
  const _id = `probe/${process.pid}/${Date.now()}`;
  await runOperation('temporarily_unavailable', async () => {
    await probes.updateOne({ _id }, { $set: { at: Date.now() } }, { upsert: true });
    await probes.deleteOne({ _id });
  });
}

/** The database's clock, epoch milliseconds; null when the server does not tell it. */
export async function storeClock(db: Connection): Promise<number | null> {
  const { localTime } = ((await db.db?.command({ hello: 1 })) ?? {}) as { localTime?: Date };
  return localTime instanceof Date ? localTime.getTime() : null;
}
