/** What `npm run keys -- …` does, one function per command. Each answers with the lines to print. */
import { statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { connectStore, type Store } from '#store/connect-store.js';
import { readPayloadKeyring, rotatePayloadKeyring } from '#temporal/payload-keyring.js';
import {
  assertKeyringsMatch,
  dropVaultKey,
  localPrivateKeys,
  readPrivateKeyring,
  rotateVaultKeyring,
} from '#vault/keyring-files.js';
import { createOpener } from '#vault/open.js';
import { PUBLIC_KEY_LOOK_MS, publicKeyringPath, readPublicKeyring } from '#vault/public-keyring.js';
import { createSealer } from '#vault/seal.js';
import type { WorkerConfig } from '../config/worker-config.js';
import { countByKey } from './count-by-key.js';
import { resealAll } from './reseal-all.js';
import { sealedPlaces } from './sealed-places.js';

export async function listKeys(config: WorkerConfig): Promise<string[]> {
  const boxes = await withStore(config, (store) => countByKey(sealedPlaces(store)));
  const vault = readPublicKeyring(config).keys.map(({ kid }) => kid);
  const secret = new Set(readPrivateKeyring(config).keys.map(({ kid }) => kid));
  const lost = [...boxes.keys()].filter((kid) => !secret.has(kid));
  const payload = readPayloadKeyring(config).keys.map(({ kid }) => kid);
  const role = (index: number): string => (index === 0 ? 'newest' : 'old');
  return [
    'Vault keys (they seal credentials and client secrets):',
    ...vault.map(
      (kid, index) =>
        `  ${kid}  ${role(index)}, ${boxes.get(kid) ?? 0} sealed${secret.has(kid) ? '' : ', ITS PRIVATE KEY IS MISSING'}`,
    ),
    ...lost.map((kid) => `  ${kid}  MISSING, ${boxes.get(kid)} sealed: put it back, or see \`npm run doctor\``),
    'Payload keys (they encrypt what Temporal keeps):',
    ...payload.map((kid, index) => `  ${kid}  ${role(index)}`),
  ];
}

export async function rotateVault(config: WorkerConfig): Promise<string[]> {
  const kid = await rotateVaultKeyring(config);
  return [
    `The newest vault key is ${kid}. Running workers and gateways seal with it within ${PUBLIC_KEY_LOOK_MS / 1000} s.`,
    'Next: `npm run keys -- reseal`, so that nothing needs the old key any more.',
  ];
}

export function rotatePayload(config: WorkerConfig): string[] {
  const kid = rotatePayloadKeyring(config);
  return [
    `The newest payload key is ${kid}. Running workers and gateways encrypt with it within a second.`,
    'Next: `npm run roll`, so that open runs are written anew. Keep the old keys for as long as closed runs are kept (30 days).',
  ];
}

export async function reseal(config: WorkerConfig, tell: (line: string) => void): Promise<string[]> {
  const publicKeys = readPublicKeyring(config);
  assertKeyringsMatch(publicKeys, readPrivateKeyring(config));
  await untilEverybodyHasLooked(config);
  const newestKid = publicKeys.keys[0]!.kid;
  let toldAt = Date.now();
  const report = await withStore(config, (store) =>
    resealAll({
      places: () => sealedPlaces(store),
      opener: createOpener(localPrivateKeys(config)),
      sealer: createSealer(publicKeys),
      newestKid,
      onProgress: (seen, resealed) => {
        if (Date.now() - toldAt < 1_000) return;
        toldAt = Date.now();
        tell(`  … ${seen} looked at, ${resealed} sealed anew`);
      },
    }),
  );
  const { total, resealed, left, failed } = report;
  const old = Object.entries(left).map(([kid, count]) => `${count} under ${kid}`);
  return [
    ...failed.map(({ name, detail }) => `  ${name}: ${detail}`),
    `Sealed anew with ${newestKid}: ${resealed} of ${total}. Left under old keys: ${old.join(', ') || 'none'}.`,
    ...(old.length === 0 ? ['Old vault keys may go: `npm run keys -- drop <key id>`.'] : []),
    `RESEALED ${JSON.stringify({ total, resealed, left })}`,
  ];
}

export async function dropKey(config: WorkerConfig, kid: string): Promise<string[]> {
  const count = (await withStore(config, (store) => countByKey(sealedPlaces(store)))).get(kid) ?? 0;
  if (count > 0)
    throw new Error(`${count} documents are still sealed by "${kid}". Run \`npm run keys -- reseal\` first.`);
  dropVaultKey(config, kid);
  return [
    `The vault key ${kid} is taken out of the keyring. Backups of the database that are older than the re-sealing still need it.`,
  ];
}

/** A process that has not yet seen the new public key would seal with the old one behind our back. */
async function untilEverybodyHasLooked({ dataDir }: WorkerConfig): Promise<void> {
  const changedAt = statSync(publicKeyringPath(dataDir), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const wait = changedAt + 2 * PUBLIC_KEY_LOOK_MS - Date.now();
  if (wait > 0) await pause(wait);
}

async function withStore<T>({ mongoUri }: WorkerConfig, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await connectStore({ uri: mongoUri });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
