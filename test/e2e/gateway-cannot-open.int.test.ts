/** With everything that the gateway has (environment, key files, all documents of the store) a planted secret cannot be opened. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createConnection as openMongo } from 'mongoose';
import { flattenedDecrypt, importJWK, type FlattenedJWE, type JWK } from 'jose';
import { localPrivateKeys } from '#vault/keyring-files.js';
import { createOpener } from '#vault/open.js';
import type { Sealed } from '#domain/sealed.js';
import { connected, SALESFORCE_ADMIN, SALESFORCE_CLIENT, ZENDESK_ADMIN, ZENDESK_CLIENT } from '../support/connect.js';
import { reachableFrom } from '../support/module-graph.js';
import { secretsIn } from '../support/search-secrets.js';
import { startHawser, type Hawser } from '../support/start-hawser.js';

const ROOT = resolve(__dirname, '..', '..');

let hawser: Hawser;
/** The gateway's own data folder: nothing but what it needs. */
let folder: string;
let planted: string[];
let documents: Record<string, unknown>[];
beforeAll(async () => {
  hawser = await startHawser('its gateway is started anew on other key files');
  folder = join(hawser.dataDir, 'gateway-only');
  mkdirSync(join(folder, 'keys'), { recursive: true, mode: 0o700 });
  for (const file of ['vault.public.json', 'payload.json'])
    copyFileSync(join(hawser.dataDir, 'keys', file), join(folder, 'keys', file));
  await hawser.gateway.stop();
  hawser.gateway.setEnv({ HAWSER_DATA: folder });
  await hawser.gateway.start();
  await connected(hawser.api, 'salesforce', SALESFORCE_ADMIN);
  await connected(hawser.api, 'zendesk', ZENDESK_ADMIN);
  planted = [SALESFORCE_CLIENT.clientSecret, ZENDESK_CLIENT.clientSecret, ...(await hawser.emulators.secrets())];
  documents = await everyDocument(hawser.mongoUri);
}, 180_000);
afterAll(() => hawser?.stop(), 60_000);

async function everyDocument(uri: string): Promise<Record<string, unknown>[]> {
  const mongo = await openMongo(uri).asPromise();
  try {
    const collections = await mongo.listCollections();
    return (
      await Promise.all(collections.map(({ name }) => mongo.collection(name).find({}).toArray()))
    ).flat() as Record<string, unknown>[];
  } finally {
    await mongo.close();
  }
}

const filesOf = (path: string): string[] =>
  readdirSync(path).flatMap((name) =>
    statSync(join(path, name)).isDirectory() ? filesOf(join(path, name)) : [join(path, name)],
  );

/** Every sealed box of the store, wherever it stands. */
function sealedBoxes(): Sealed[] {
  const boxes: Sealed[] = [];
  const walk = (value: unknown): void => {
    if (typeof value === 'string' && value.includes('"ciphertext"')) boxes.push(value as Sealed);
    else if (value !== null && typeof value === 'object') for (const child of Object.values(value)) walk(child);
  };
  walk(documents);
  return boxes;
}

/** Every JWK that stands in a file or an environment variable of the gateway. */
function everyKey(texts: string[]): JWK[] {
  return texts.flatMap((text) => {
    try {
      return ((JSON.parse(text) as { keys?: JWK[] }).keys ?? []) as JWK[];
    } catch {
      return [];
    }
  });
}

test('the gateway works with the public keyring and the payload key alone, and they open nothing', async () => {
  const environment = readFileSync(`/proc/${hawser.gateway.pid}/environ`, 'utf8').split('\0');
  expect(environment).toContain(`HAWSER_DATA=${folder}`);
  const texts = [
    ...filesOf(folder).map((file) => readFileSync(file, 'utf8')),
    ...environment.map((line) => line.slice(line.indexOf('=') + 1)),
  ];
  const keys = everyKey(texts);
  expect(keys.map(({ kty }) => String(kty)).sort()).toEqual(['EC', 'oct'].sort());
  expect(keys.filter((key) => key.kty !== 'oct' && 'd' in key)).toEqual([]);

  const boxes = sealedBoxes();
  // Two client secrets, two credentials, two codes and two verifiers.
  expect(boxes.length).toBeGreaterThanOrEqual(4);
  for (const box of boxes) {
    const jwe = JSON.parse(box) as FlattenedJWE;
    for (const jwk of keys) {
      const algorithms =
        jwk.kty === 'oct' ? ['dir', 'A256KW', 'A256GCMKW', 'ECDH-ES+A256KW'] : ['ECDH-ES+A256KW', 'ECDH-ES'];
      for (const alg of algorithms)
        await expect(importJWK(jwk, alg).then((key) => flattenedDecrypt(jwe, key))).rejects.toThrow();
    }
  }
  expect(secretsIn([...texts, JSON.stringify(documents)].join('\n'), planted)).toEqual([]);
});

test('the worker opens the same boxes: the secret is there, and only the private key is missing', async () => {
  const opener = createOpener(localPrivateKeys({ dataDir: hawser.dataDir, env: {} }));
  const clients = documents.filter((document) => 'sealedSecret' in document) as unknown as {
    _id: string;
    workspaceId: string;
    sealedSecret: Sealed;
  }[];
  const opened = await Promise.all(
    clients.map(({ _id, workspaceId, sealedSecret }) =>
      opener.open<string>(sealedSecret, { workspaceId, subject: _id, purpose: 'client_secret', version: 1 }),
    ),
  );
  expect(opened.sort()).toEqual([SALESFORCE_CLIENT.clientSecret, ZENDESK_CLIENT.clientSecret].sort());
});

test.each(['dist/apps/gateway/main.js', 'dist/apps/gateway/make-workspace.js'])(
  '%s never reaches what opens a box',
  (entry) => {
    const modules = [...reachableFrom(entry)];
    expect(modules).toContain('dist/libs/store/connect-store.js');
    const opening = modules.filter((path) =>
      /libs\/vault\/(open|reseal|keyring-files|generate-vault-key)\.js$|apps\/worker\/|libs\/http\//.test(path),
    );
    expect(opening).toEqual([]);
  },
);

/** The modules that a bundled program holds: the bundler names each in a comment. */
const bundled = (program: string): string[] =>
  [...readFileSync(join(ROOT, program), 'utf8').matchAll(/^\/\/ (dist\/\S+\.js)$/gm)].map(([, path]) => path!);

test.each(['main', 'make-workspace'])('dist/bin/gateway/%s.js holds what that walk finds, and no more', (name) => {
  const held = bundled(`dist/bin/gateway/${name}.js`);
  const found = reachableFrom(`dist/apps/gateway/${name}.js`);
  expect(held).toContain('dist/libs/store/connect-store.js');
  expect(held.filter((path) => !found.has(path))).toEqual([]);
  expect(bundled('dist/bin/worker/main.js')).toContain('dist/libs/vault/open.js');
});

test('the walk would find it', () =>
  expect([...reachableFrom('dist/apps/worker/main.js')]).toContain('dist/libs/vault/open.js'));
