/**
 * The phases of a rotation: add, spread, use, drop. Between them every living gateway and worker must have reported what the next phase
 * needs; who has not is named, and nothing is changed.
 */
import type { Store } from '#store/connect-store.js';
import { connectClient } from '#temporal/connect-client.js';
import { localPayloadCodec } from '#temporal/data-converter.js';
import { addPayloadKey, dropPayloadKey, readPayloadKeyring, usePayloadKey } from '#temporal/payload-keyring.js';
import { addVaultKey, dropVaultKey, readPrivateKeyring, useVaultKey } from '#vault/keyring-files.js';
import type { WorkerConfig } from '../config/worker-config.js';
import { countByKey } from './count-by-key.js';
import { whoLacks, whoUsesAnother, type KeyRing } from './key-holders.js';
import { sealedPlaces } from './sealed-places.js';
import { untilSpread } from './spread.js';

const NEXT: Record<KeyRing, string> = {
  vault: 'Next: `npm run keys -- reseal`, so that nothing needs the old key any more.',
  payload:
    'Next: `npm run roll`, so that open runs are written anew. Keep the old keys for as long as closed runs are kept (30 days).',
};
const VERB: Record<KeyRing, string> = { vault: 'seal', payload: 'encrypt' };

/** Phase 1. */
export async function addKey(config: WorkerConfig, store: Store, ring: KeyRing): Promise<string> {
  const kid = ring === 'vault' ? await addVaultKey(config) : addPayloadKey(config);
  await store.keyRecords.added(kid, ring);
  return kid;
}

/** Phases 2 and 3: waits until everybody holds the key, then lets it be used. */
export async function useKey(config: WorkerConfig, store: Store, kid: string, waitMs?: number): Promise<string[]> {
  const ring = ringOf(config, kid);
  const held = await untilSpread(store.processes, (living) => whoLacks(living, ring, kid), waitMs);
  if (held.inTheWay.length > 0) throw new Error(notSpread(kid, held.inTheWay));
  const [before] = keysOf(config, ring);
  await store.keyRecords.revive(kid, ring);
  if (ring === 'vault') useVaultKey(config, kid);
  else usePayloadKey(config, kid);
  if (before !== undefined && before !== kid) await store.keyRecords.retire(before, ring);
  const used = await untilSpread(store.processes, (living) => whoUsesAnother(living, ring, kid), waitMs);
  return [
    `The newest ${ring} key is ${kid}. Living gateways and workers: ${used.living}.`,
    ...(used.inTheWay.length === 0
      ? [`All of them ${VERB[ring]} with it.`]
      : [
          'Not yet all of them use it (nothing is lost: every one of them holds both keys):',
          ...used.inTheWay.map((who) => `  ${who}`),
        ]),
    NEXT[ring],
  ];
}

/** All phases but the last, where every process shares the files, or has them already. */
export async function rotateKey(config: WorkerConfig, store: Store, ring: KeyRing, waitMs?: number): Promise<string[]> {
  return useKey(config, store, await addKey(config, store, ring), waitMs);
}

/** The last phase. */
export async function dropKey(config: WorkerConfig, store: Store, kid: string): Promise<string[]> {
  const ring = ringOf(config, kid);
  const [newest] = keysOf(config, ring);
  if (newest === kid)
    throw new Error(`"${kid}" is the newest ${ring} key. Rotate${ring === 'vault' ? ' and re-seal' : ''} first.`);
  await refuseWhatNeedsIt(config, store, ring, kid);
  const used = await untilSpread(
    store.processes,
    (living) => [...whoLacks(living, ring, newest!), ...whoUsesAnother(living, ring, newest!)],
    // Somebody who has not heard of it for minutes does not hear of it now.
    0,
  );
  if (used.inTheWay.length > 0)
    throw new Error(
      `"${kid}" cannot be dropped: not everybody uses the newest key "${newest}" yet.\n${lines(used.inTheWay)}\nGive them the present key files, then repeat.`,
    );
  // From here on the door is shut: a gateway that comes back with an old copy of the keys seals nothing.
  await store.keyRecords.drop(kid, ring);
  try {
    await refuseWhatNeedsIt(config, store, ring, kid);
    if (ring === 'vault') dropVaultKey(config, kid);
    else dropPayloadKey(config, kid);
  } catch (error) {
    await store.keyRecords.retire(kid, ring);
    throw error;
  }
  return [
    ring === 'vault'
      ? `The vault key ${kid} is taken out of the keyring. Backups of the database that are older than the re-sealing still need it.`
      : `The payload key ${kid} is taken out of the keyring. Backups of Temporal's database that are older than its retirement still need it.`,
    'Take it out of every copy of the key files, too.',
  ];
}

async function refuseWhatNeedsIt(config: WorkerConfig, store: Store, ring: KeyRing, kid: string): Promise<void> {
  if (ring === 'vault') {
    const count = (await countByKey(sealedPlaces(store))).get(kid) ?? 0;
    if (count > 0)
      throw new Error(`${count} documents are still sealed by "${kid}". Run \`npm run keys -- reseal\` first.`);
    return;
  }
  const record = await store.keyRecords.get(kid);
  if (record?.retiredAt == null) {
    await store.keyRecords.retire(kid, ring);
    throw new Error(
      `It was not known when "${kid}" encrypted last; it counts as retired from now on. Drop it when Temporal keeps no older run (30 days).`,
    );
  }
  const runs = await runsBegunBefore(config, record.retiredAt);
  if (runs > 0)
    throw new Error(
      `Temporal keeps ${runs} runs that began before "${kid}" was retired (${new Date(record.retiredAt).toISOString()}). Run \`npm run roll\`, and drop the key when the closed ones are gone (30 days).`,
    );
}

async function runsBegunBefore(config: WorkerConfig, at: number): Promise<number> {
  const { client, close } = connectClient(config.temporal, localPayloadCodec(config));
  try {
    const query = `StartTime <= "${new Date(at).toISOString()}"`;
    return (await client.withDeadline(Date.now() + 10_000, () => client.workflow.count(query))).count;
  } finally {
    await close();
  }
}

const keysOf = (config: WorkerConfig, ring: KeyRing): string[] =>
  (ring === 'vault' ? readPrivateKeyring(config) : readPayloadKeyring(config)).keys.map(({ kid }) => kid);

function ringOf(config: WorkerConfig, kid: string): KeyRing {
  const ring = (['vault', 'payload'] as const).find((one) => keysOf(config, one).includes(kid));
  if (!ring) throw new Error(`There is no key "${kid}". \`npm run keys -- list\` shows them.`);
  return ring;
}

const lines = (texts: string[]): string => texts.map((text) => `  ${text}`).join('\n');

const notSpread = (kid: string, inTheWay: string[]): string =>
  `The key "${kid}" is added and not used yet, for not everybody holds it:\n${lines(inTheWay)}\nGive them the present key files, then run \`npm run keys -- use ${kid}\`. Nothing is lost meanwhile.`;
