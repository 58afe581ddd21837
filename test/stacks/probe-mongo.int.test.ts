/** A database engine is tried once before anything is written with it: what breaks a rule of the store is named, and not used. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
// @ts-expect-error -- a script without types
import { brokenRules, probeOnce } from '../../scripts/stack/probe-mongo.mjs';
import { requiredEnv } from '../support/test-namespace.js';

const ROOT = join(__dirname, '..', '..');
const dataDir = mkdtempSync(join(tmpdir(), 'hawser-probe-'));
const client = new MongoClient(requiredEnv('HAWSER_TEST_MONGO'));
const db = client.db(`probe_${process.pid}_${Date.now()}`);
afterAll(async () => {
  await db.dropDatabase();
  await client.close();
  rmSync(dataDir, { recursive: true });
});

type Operations = Record<string, (...args: any[]) => unknown>;

/** The real database, with some operations spoiled: an engine that answers and does something else. */
function spoiled(spoil: (all: Operations) => Operations): unknown {
  return {
    collection: (name: string) => {
      const real = db.collection(name) as unknown as Operations;
      const changed = spoil(real);
      return new Proxy(real, {
        get: (_, key: string) => changed[key] ?? (typeof real[key] === 'function' ? real[key].bind(real) : real[key]),
      });
    },
  };
}

test('the engine of the tests holds every rule, and is asked once for each folder', async () => {
  const notes: string[] = [];
  const options = { dataDir, engine: 'ferretdb', root: ROOT, note: (text: string) => void notes.push(text) };
  await probeOnce({ ...options, uri: requiredEnv('HAWSER_TEST_MONGO') });
  expect(existsSync(join(dataDir, 'mongo-ferretdb.probed'))).toBe(true);
  // Nobody is there: it is not asked again.
  await probeOnce({ ...options, uri: 'mongodb://127.0.0.1:9' });
  expect(notes).toEqual(['7 rules hold', 'known to this folder']);
});

test.each<[string, (all: Operations) => Operations, RegExp]>([
  [
    'looks at the _id alone when it compares',
    (all) => ({
      updateOne: ({ _id }: { _id: string }, ...rest: unknown[]) => all['updateOne']!.call(all, { _id }, ...rest),
    }),
    /^of 50 that compare and set one wins \(50 won\)$/,
  ],
  [
    'sets instead of keeping the greater',
    (all) => ({
      updateOne: (filter: object, change: { $max?: object }, ...rest: unknown[]) =>
        all['updateOne']!.call(all, filter, change.$max ? { $set: change.$max } : change, ...rest),
    }),
    /^\$max keeps the greater text \(it has "0009\/z"\)$/,
  ],
  [
    'makes no unique index',
    () => ({ createIndex: async () => 'done' }),
    /^a unique index refuses a second one \(it was taken twice\)$/,
  ],
])('an engine that %s is named', async (_, spoil, sentence) => {
  expect(await brokenRules(spoiled(spoil))).toEqual([expect.stringMatching(sentence)]);
});

test('an engine that fails is named with its words', async () => {
  const broken = await brokenRules(
    spoiled(() => ({ insertOne: async () => Promise.reject(new Error('not supported')) })),
  );
  expect(broken[0]).toBe('an _id is taken once (not supported)');
});
