/** Rotation in phases over a real store: living processes with own copies of the keys are named, and nothing is sealed in vain. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProcessDocument } from '#store/documents.js';
import { startProcessReports } from '#store/report-process.js';
import { STORE_FORMAT } from '#store/store-format.js';
import { openTestStore, type TestStore } from '#store/testing/test-store.js';
import { localPayloadCodec } from '#temporal/data-converter.js';
import { ensurePayloadKeyring, readPayloadKeyring } from '#temporal/payload-keyring.js';
import { ensureVaultKeyring, localPrivateKeys, readPrivateKeyring } from '#vault/keyring-files.js';
import { localPublicKeys } from '#vault/public-keyring.js';
import { createSealer } from '#vault/seal.js';
import { buildGateway } from '../../gateway/build-gateway.js';
import { guardedKeys } from '../../gateway/sealing-door.js';
import { fakeServices, TEST_KEY } from '../../gateway/testing/fake-services.js';
import type { WorkerConfig } from '../config/worker-config.js';
import { unspread } from '../doctor/checks/key-spread.js';
import { refuseDroppedKey } from '../vault/refuse-dropped-key.js';
import { dropKey, rotateKey, useKey } from './rotation-commands.js';

const root = mkdtempSync(join(tmpdir(), 'hawser-phases-'));
const [shared, copy] = [join(root, 'shared'), join(root, 'copy')];
const config = { dataDir: shared } as WorkerConfig;
let test_: TestStore;
const ends: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  test_ = await openTestStore();
  await ensureVaultKeyring({ dataDir: shared, env: {} });
  ensurePayloadKeyring({ dataDir: shared, env: {} });
  cpSync(shared, copy, { recursive: true });
});
afterAll(async () => {
  for (const end of ends) await end();
  await test_.end();
  rmSync(root, { recursive: true, force: true });
});

/** Tells of itself as a process with the files of that folder does; answers when it has. */
async function living(kind: 'gateway' | 'worker', dataDir: string, where: string): Promise<void> {
  const place = { dataDir, env: {} };
  const [codec, sealing, opening] = [localPayloadCodec(place), localPublicKeys(place), localPrivateKeys(place)];
  const { processes } = test_.store;
  const reports = startProcessReports({
    processes,
    kind,
    where,
    everyMs: 200,
    format: test_.store.format,
    onOlder: () => undefined,
    facts: () => ({
      payloadKeys: codec.keyIds(),
      sealingKeys: sealing.keyIds(),
      openingKeys: kind === 'worker' ? opening.keyIds() : null,
      storeFormat: STORE_FORMAT,
    }),
    onTrouble: (error) => console.error(error),
  });
  ends.push(() => reports.stop());
  await seen(({ name }) => name.endsWith(where));
}

/** Until the store knows of such a process. */
async function seen(wanted: (process: ProcessDocument) => boolean): Promise<void> {
  while (!(await test_.store.processes.living()).some(wanted)) await new Promise((next) => setTimeout(next, 50));
}

const place = { dataDir: shared, env: {} };
const keysOf = {
  payload: () => readPayloadKeyring(place).keys.map(({ kid }) => kid),
  vault: () => readPrivateKeyring(place).keys.map(({ kid }) => kid),
};
const copyFiles = (): void => cpSync(join(shared, 'keys'), join(copy, 'keys'), { recursive: true });

test('g37 g38: a key is used only when everybody holds it, and dropped only when everybody uses another', async () => {
  const { store } = test_;
  await living('worker', shared, '1@shared');
  await living('worker', copy, '2@copy');
  await living('gateway', copy, '3@copy');
  for (const ring of ['payload', 'vault'] as const) {
    const [old] = keysOf[ring]();
    await expect(rotateKey(config, store, ring, 1_200)).rejects.toThrow(/not used yet[^]*worker 2@copy lacks it/);
    const [, added] = keysOf[ring]();
    await expect(useKey(config, store, added!, 0)).rejects.toThrow(/gateway 3@copy lacks it/);
    expect(keysOf[ring]()).toEqual([old, added]);
    expect(unspread(await store.processes.living()).map(({ code }) => code)).toEqual(['key_spreading']);
    copyFiles();
    // Held by all, used by those who share the files.
    expect((await useKey(config, store, added!, 2_500)).join('\n')).toContain('worker 2@copy still');
    expect(keysOf[ring]()).toEqual([added, old]);
  }
  const [newest, old] = keysOf.vault();
  await expect(dropKey(config, store, old!)).rejects.toThrow(/gateway 3@copy still seals with/);
  expect(keysOf.vault()).toEqual([newest, old]);
  copyFiles();
  await seen(({ name, sealingKeys }) => name === 'gateway 3@copy' && sealingKeys[0] === newest);
  await seen(({ name, sealingKeys }) => name === 'worker 2@copy' && sealingKeys[0] === newest);
  await dropKey(config, store, old!);
  expect(keysOf.vault()).toEqual([newest]);
  await shutDoor(old!, newest!);
}, 60_000);

/** A gateway and a worker that come back with old files: an app client is not made, the worker does not begin. */
async function shutDoor(dropped: string, present: string): Promise<void> {
  const { store } = test_;
  const key = (kid: string) => ({ newest: async () => ({ kid, key: {} as never }), keyIds: () => [kid] });
  const make = async (kid: string) => {
    const inserted: unknown[] = [];
    const { services } = fakeServices();
    const app = await buildGateway({
      ...services,
      store: { ...services.store, appClients: { insert: async (client: unknown) => void inserted.push(client) } },
      sealer: createSealer(guardedKeys(kid === present ? localPublicKeys(place) : key(kid), store)),
    } as never);
    const { statusCode, payload } = await app.inject({
      method: 'POST',
      url: '/v1/app-clients',
      headers: { authorization: `Bearer ${TEST_KEY}`, host: '127.0.0.1:3000', 'content-type': 'application/json' },
      payload: JSON.stringify({ app: 'salesforce', name: 'A', clientId: 'id', clientSecret: 'a-secret' }),
    });
    await app.close();
    return { statusCode, code: (JSON.parse(payload) as { code?: string }).code, inserted: inserted.length };
  };
  expect(await make(dropped)).toEqual({ statusCode: 503, code: 'key_missing', inserted: 0 });
  expect(await make('vault-of-another-house')).toEqual({ statusCode: 503, code: 'key_missing', inserted: 0 });
  expect(await make(present)).toMatchObject({ statusCode: 201, inserted: 1 });
  await expect(refuseDroppedKey(store, key(dropped))).rejects.toThrow(/was dropped/);
  await refuseDroppedKey(store, key(present));
}
