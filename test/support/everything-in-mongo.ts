/** Every document of a database as one text. */
import { createConnection as openMongo } from 'mongoose';

export async function everythingInMongo(uri: string): Promise<string> {
  const db = await openMongo(uri).asPromise();
  try {
    const texts: string[] = [];
    for (const { name } of await db.listCollections())
      texts.push(JSON.stringify(await db.collection(name).find({}).toArray()));
    return texts.join('\n');
  } finally {
    await db.close();
  }
}
