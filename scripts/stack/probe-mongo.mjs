import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { ClearError } from './clear-error.mjs';

/** Patience, not a measure: it takes about a second. */
const PROBE_MS = 20_000;
const RACERS = 50;
/** Letters that a database may take for its own: quotes, a backslash, a dollar, a dot, a slash, and what is longer than one unit. */
const ODD_IDS = ['it\'s "so"', 'back\\slash', '$set', 'a.b/c', '%s', 'ü 日本 😀', ' '.repeat(3)];

/**
 * Proves, once for each data folder and engine, that the engine does what the store relies on (docs/store-rules.md), before anything is
 * written with it. Needs the installed packages. @throws ClearError that names the engine and each rule that it breaks.
 */
export async function probeOnce({ dataDir, engine, uri, root, note = () => {} }) {
  const done = path.join(dataDir, `mongo-${engine}.probed`);
  if (fs.existsSync(done)) return note('known to this folder');
  const { MongoClient } = createRequire(path.join(root, 'package.json'))('mongodb');
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: PROBE_MS, retryWrites: false });
  try {
    const db = client.db(`hawser_probe_${randomBytes(4).toString('hex')}`);
    const broken = await brokenRules(db).finally(() => db.dropDatabase().catch(() => {}));
    if (broken.length > 0)
      throw new ClearError(
        `The MongoDB server (${engine}) does not do what the store relies on, and is not used: ${broken.join('; ')}. Choose the other engine by HAWSER_MONGO, or set MONGODB_URI.`,
      );
    fs.writeFileSync(done, '');
    note(`${Object.keys(RULES).length} rules hold`);
  } finally {
    await client.close();
  }
}

/** The rules that a database breaks, each with how. */
export async function brokenRules(db) {
  const broken = [];
  for (const [rule, holds] of Object.entries(RULES)) {
    const collection = db.collection(`rule_${broken.length}_${randomBytes(3).toString('hex')}`);
    let timer;
    const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error('no answer')), PROBE_MS)));
    const fault = await Promise.race([holds(collection), late]).then(
      (told) => (told === true ? null : String(told)),
      (error) => error.message,
    );
    clearTimeout(timer);
    if (fault !== null) broken.push(`${rule} (${fault})`);
  }
  return broken;
}

const RULES = {
  'an _id is taken once': async (all) => {
    await all.insertOne({ _id: 'a', n: 1 });
    return (await isRefused(all.insertOne({ _id: 'a', n: 2 }))) || 'it was taken twice';
  },
  'a unique index refuses a second one': async (all) => {
    await all.createIndex({ key: 1 }, { unique: true });
    await all.insertOne({ _id: 'a', key: 'k' });
    return (await isRefused(all.insertOne({ _id: 'b', key: 'k' }))) || 'it was taken twice';
  },
  [`of ${RACERS} that compare and set one wins`]: async (all) => {
    await all.insertOne({ _id: 'a', version: 1 });
    const tries = Array.from({ length: RACERS }, (_, by) =>
      all.updateOne({ _id: 'a', version: 1 }, { $set: { version: 2, by } }),
    );
    const won = (await Promise.all(tries)).filter(({ modifiedCount }) => modifiedCount === 1).length;
    return won === 1 || `${won} won`;
  },
  '$max keeps the greater text': async (all) => {
    await all.insertOne({ _id: 'a', text: '0005/x' });
    for (const text of ['0004/y', '0010/a', '0009/z']) await all.updateOne({ _id: 'a' }, { $max: { text } });
    const { text } = await all.findOne({ _id: 'a' });
    return text === '0010/a' || `it has "${text}"`;
  },
  'a list comes in the order of its _id, page by page': async (all) => {
    const ids = Array.from({ length: 30 }, (_, index) => `id_${String(index).padStart(3, '0')}`);
    await all.createIndex({ workspace: 1 });
    await all.insertMany(
      ids.toReversed().map((_id) => ({ _id, workspace: Number(_id.slice(-1)) % 2 ? 'odd' : 'even' })),
    );
    const page = { workspace: 'odd', _id: { $gt: 'id_010' } };
    const found = await all.find(page).sort({ _id: 1 }).limit(5).toArray();
    const got = found.map(({ _id }) => _id).join(' ');
    return got === 'id_011 id_013 id_015 id_017 id_019' || `it has ${got || 'nothing'}`;
  },
  'odd letters in an _id come back': async (all) => {
    for (const _id of ODD_IDS) await all.insertOne({ _id, same: _id });
    for (const _id of ODD_IDS) {
      const found = await all.findOne({ _id });
      if (found?._id !== _id || found.same !== _id) return `"${_id}" does not`;
    }
    return true;
  },
  'a text with odd letters, a list and null come back as they were': async (all) => {
    const value = { text: '\u0000 "\\ 😀', list: [1, 'two', null, { three: 3 }], none: null, at: 1_700_000_000_123 };
    await all.updateOne({ _id: 'a' }, { $set: value }, { upsert: true });
    const { _id, ...found } = await all.findOne({ _id: 'a' });
    return isDeepStrictEqual(found, value) || `${_id} has ${JSON.stringify(found)}`;
  },
};

/** A duplicate key, as both engines say it (docs/store-rules.md, rule 6). Any other failure is none. */
const isRefused = (insert) =>
  insert.then(
    () => false,
    (error) => {
      if (error.code === 11000 || /UNIQUE constraint failed/.test(error.message)) return true;
      throw error;
    },
  );
