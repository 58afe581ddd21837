import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildWithGo } from './build-with-go.mjs';
import { cachedProgram } from './cache-folder.mjs';
import { ClearError } from './clear-error.mjs';
import { findOnPath, outputOf } from './find-on-path.mjs';
import { withLockFile } from './lock-file.mjs';
import { obtainProgram } from './obtain-program.mjs';
import { obtainRelease } from './obtain-release.mjs';
import { MONGO_VERSION, mongoRelease } from './releases.mjs';

const moduleFolder = fileURLToPath(new URL('./mongo', import.meta.url));

/**
 * A program that speaks MongoDB's protocol: `{ engine: 'mongod' | 'ferretdb', file, way }`. (`MONGODB_URI` comes first,
 * in start-mongo.mjs.) `engine` restricts the choice: data written by one engine cannot be read by the other. `release` and `limits`
 * are for tests.
 */
export function obtainMongo({ engine, note = () => {}, release = mongoRelease(), limits = {} } = {}) {
  const ways = [
    {
      engine: 'mongod',
      way: '`mongod` on PATH',
      cure: 'Install MongoDB 7 or 8, or set MONGODB_URI to a server that runs',
      find: onPath,
    },
    { engine: 'mongod', way: 'our cache', cure: 'It is filled by a download', find: cachedMongod },
    { engine: 'ferretdb', way: 'embedded, our cache', cure: 'It is filled by the last way', find: cached },
    {
      engine: 'mongod',
      way: 'downloaded',
      cure: 'Let this machine reach fastdl.mongodb.org, or put `mongod` on PATH',
      find: () => fetched(release, { note, ...limits }),
    },
    {
      engine: 'ferretdb',
      way: 'embedded, built by Go',
      cure: 'Install Go 1.26 or later and let it reach its module proxy',
      find: () => build(note),
    },
  ];
  return obtainProgram('A MongoDB server', engine ? ways.filter((one) => one.engine === engine) : ways);
}

async function cachedMongod() {
  const file = cachedProgram('mongod', MONGO_VERSION);
  if (!fs.existsSync(file)) throw new ClearError('not there');
  return { engine: 'mongod', file };
}

async function fetched(release, options) {
  const out = cachedProgram('mongod', MONGO_VERSION);
  // One that wants a newer processor or another library than this machine has ends at once.
  const isSound = async (file) => /db version v\d/.test(await outputOf(file, ['--version']));
  await obtainRelease(release, { out, isSound, ...options });
  return { engine: 'mongod', file: out };
}

async function onPath() {
  const file = findOnPath('mongod');
  if (!file) throw new ClearError('not there');
  return { engine: 'mongod', file };
}

async function cached() {
  const file = embeddedFile();
  if (!fs.existsSync(file)) throw new ClearError('not there');
  return { engine: 'ferretdb', file };
}

async function build(note) {
  const out = embeddedFile();
  await withLockFile(
    `${out}.lock`,
    async () => {
      if (!fs.existsSync(out)) await buildWithGo({ moduleFolder, out, note });
    },
    (pid) => note(`process ${pid} is building it`),
  );
  return { engine: 'ferretdb', file: out };
}

// Its name follows its sources: whoever changes the front gets a new program, and never an old one from the cache.
function embeddedFile() {
  const hash = createHash('sha256');
  for (const name of fs.readdirSync(moduleFolder).sort()) {
    if (/\.go$|^go\.(mod|sum)$/.test(name) && !name.endsWith('_test.go'))
      hash.update(name).update(fs.readFileSync(path.join(moduleFolder, name)));
  }
  return cachedProgram('mongo', hash.digest('hex').slice(0, 12));
}
