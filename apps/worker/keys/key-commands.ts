/** What `npm run keys -- …` does, one function per command. Each answers with the lines to print. */
import { connectStore, type Store } from '#store/connect-store.js';
import { readPayloadKeyring } from '#temporal/payload-keyring.js';
import { assertKeyringsMatch, localPrivateKeys, readPrivateKeyring } from '#vault/keyring-files.js';
import { createOpener } from '#vault/open.js';
import { readPublicKeyring } from '#vault/public-keyring.js';
import { createSealer } from '#vault/seal.js';
import type { WorkerConfig } from '../config/worker-config.js';
import { countByKey } from './count-by-key.js';
import { whoLacks, whoUsesAnother, type KeyRing } from './key-holders.js';
import { resealAll } from './reseal-all.js';
import * as phases from './rotation-commands.js';
import { sealedPlaces } from './sealed-places.js';
import { untilSpread } from './spread.js';

export async function listKeys(config: WorkerConfig): Promise<string[]> {
  const { boxes, living } = await withStore(config, async (store) => ({
    boxes: await countByKey(sealedPlaces(store)),
    living: await store.processes.living(),
  }));
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
    `Living gateways and workers: ${living.length}`,
    ...living.flatMap(({ name, payloadKeys, sealingKeys, openingKeys }) => [
      `  ${name}  payload: ${payloadKeys.join(', ')}; seals: ${sealingKeys.join(', ')}${openingKeys ? `; opens: ${openingKeys.join(', ')}` : ''}`,
    ]),
    ...[...vault.map((kid) => ['vault', kid] as const), ...payload.map((kid) => ['payload', kid] as const)].flatMap(
      ([ring, kid]) => whoLacks(living, ring, kid).map((who) => `  ${kid}: ${who}`),
    ),
  ];
}

export const addKey = (config: WorkerConfig, ring: KeyRing): Promise<string[]> =>
  withStore(config, async (store) => {
    const kid = await phases.addKey(config, store, ring);
    return [
      `The ${ring} key ${kid} is added; nothing is written with it yet.`,
      `Next: give every gateway and worker with key files of its own the present ones, then \`npm run keys -- use ${kid}\`.`,
    ];
  });

export const useKey = (config: WorkerConfig, kid: string): Promise<string[]> =>
  withStore(config, (store) => phases.useKey(config, store, kid));

export const rotateKey = (config: WorkerConfig, ring: KeyRing): Promise<string[]> =>
  withStore(config, (store) => phases.rotateKey(config, store, ring));

export const dropKey = (config: WorkerConfig, kid: string): Promise<string[]> =>
  withStore(config, (store) => phases.dropKey(config, store, kid));

export async function reseal(config: WorkerConfig, tell: (line: string) => void): Promise<string[]> {
  const publicKeys = readPublicKeyring(config);
  assertKeyringsMatch(publicKeys, readPrivateKeyring(config));
  const newestKid = publicKeys.keys[0]!.kid;
  await refuseWhileOthersSeal(config, newestKid);
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

/** A process that seals with another key would do so behind our back. */
async function refuseWhileOthersSeal(config: WorkerConfig, kid: string): Promise<void> {
  const { inTheWay } = await withStore(config, (store) =>
    untilSpread(store.processes, (living) => [
      ...whoLacks(living, 'vault', kid),
      ...whoUsesAnother(living, 'vault', kid),
    ]),
  );
  if (inTheWay.length > 0)
    throw new Error(
      `Nothing was sealed anew, for not everybody uses "${kid}":\n  ${inTheWay.join('\n  ')}\nGive them the present key files, then repeat.`,
    );
}

async function withStore<T>({ mongoUri }: WorkerConfig, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await connectStore({ uri: mongoUri });
  try {
    await store.format.claim();
    return await work(store);
  } finally {
    await store.close();
  }
}
