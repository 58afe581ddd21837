/** Keys that encrypt Temporal payloads: a JWK set of 256-bit octet keys, newest first. Gateway and workers both have it. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { keyringFile, readKeyringSetting } from '#vault/read-keyring-setting.js';
import { createFileOnce, fileStamp, readSecretFile, replaceFile, takeFileLock } from '#vault/secret-file.js';

export interface PayloadKey {
  kty: 'oct';
  kid: string;
  /** 32 bytes, base64url. */
  k: string;
}

export interface PayloadKeyring {
  keys: PayloadKey[];
}

export interface PayloadKeyPlace {
  dataDir: string;
  env?: NodeJS.ProcessEnv;
}

export const payloadKeyringPath = (dataDir: string): string => join(dataDir, 'keys', 'payload.json');

/**
 * Reads the payload keyring from HAWSER_KEYRING_PAYLOAD (JSON text or a path), else from `<dataDir>/keys/payload.json` (0600).
 * @throws Error with one line for the operator.
 */
export function readPayloadKeyring({ dataDir, env = process.env }: PayloadKeyPlace): PayloadKeyring {
  const setting = readKeyringSetting('HAWSER_KEYRING_PAYLOAD', env, 'secret');
  if (setting) return parsePayloadKeyring(setting.text, setting.source);
  const path = payloadKeyringPath(dataDir);
  const text = readSecretFile(path);
  if (text === null) throw new Error(`${path} does not exist. \`npm start\` makes it; or set HAWSER_KEYRING_PAYLOAD.`);
  return parsePayloadKeyring(text, path);
}

/** Makes the file when it is absent; an existing one is never overwritten. Nothing to do when the environment gives the keys. */
export function ensurePayloadKeyring({ dataDir, env = process.env }: PayloadKeyPlace): void {
  if (env['HAWSER_KEYRING_PAYLOAD']) return;
  if (readSecretFile(payloadKeyringPath(dataDir)) !== null) return;
  createFileOnce(payloadKeyringPath(dataDir), textOf({ keys: [generatePayloadKey()] }), 0o600);
}

/**
 * Adds a new newest key in one step. Old keys stay: open histories need them until `npm run roll` has rolled every older run.
 * Only where no other process has a copy of its own: else `addPayloadKey`, then `usePayloadKey`.
 * @returns The new kid.
 */
export function rotatePayloadKeyring(place: PayloadKeyPlace): string {
  const key = generatePayloadKey();
  changeKeys(place, (keys) => [key, ...keys]);
  return key.kid;
}

/**
 * The first phase of a rotation: a further key that nobody encrypts with yet.
 * @returns Its kid.
 */
export function addPayloadKey(place: PayloadKeyPlace): string {
  const key = generatePayloadKey();
  changeKeys(place, (keys) => [...keys, key]);
  return key.kid;
}

/** The third phase: from now on the key encrypts. The caller has made sure that every process holds it. */
export function usePayloadKey(place: PayloadKeyPlace, kid: string): void {
  changeKeys(place, (keys) => {
    const key = keys.find((one) => one.kid === kid);
    if (!key) throw new Error(`There is no payload key "${kid}".`);
    return [key, ...keys.filter((one) => one !== key)];
  });
}

/**
 * The last phase: takes an old key out. The caller has made sure that Temporal keeps nothing that it has encrypted.
 * @throws Error for the newest key and for one that is not there.
 */
export function dropPayloadKey(place: PayloadKeyPlace, kid: string): void {
  changeKeys(place, (keys) => {
    if (keys[0]?.kid === kid) throw new Error(`"${kid}" is the newest payload key. Rotate first.`);
    if (!keys.some((key) => key.kid === kid)) throw new Error(`There is no payload key "${kid}".`);
    return keys.filter((key) => key.kid !== kid);
  });
}

function changeKeys(
  { dataDir, env = process.env }: PayloadKeyPlace,
  change: (keys: PayloadKey[]) => PayloadKey[],
): void {
  if (env['HAWSER_KEYRING_PAYLOAD'])
    throw new Error('The payload keyring comes from HAWSER_KEYRING_PAYLOAD. Rotate it where it is kept.');
  const release = takeFileLock(join(dataDir, 'keys', 'rotate-payload.lock'));
  try {
    const keys = change(readPayloadKeyring({ dataDir, env }).keys);
    replaceFile(payloadKeyringPath(dataDir), textOf({ keys }), 0o600);
  } finally {
    release();
  }
}

/** Changes whenever the keyring's file was replaced; always '' when the environment holds the keys themselves. */
export function payloadKeyringStamp({ dataDir, env = process.env }: PayloadKeyPlace): string {
  const file = keyringFile('HAWSER_KEYRING_PAYLOAD', env, payloadKeyringPath(dataDir));
  return file === null ? '' : fileStamp(file);
}

/** Parses a keyring; `source` says in messages where the text came from. The content never appears in one. */
export function parsePayloadKeyring(text: string, source: string): PayloadKeyring {
  let parsed: { keys?: unknown } | null;
  try {
    parsed = JSON.parse(text) as { keys?: unknown } | null;
  } catch {
    throw new Error(`${source}: this is not JSON. A JWK set {"keys": [...]} is needed.`);
  }
  const keys = parsed?.keys;
  if (!Array.isArray(keys) || keys.length === 0)
    throw new Error(`${source}: a JWK set {"keys": [...]} with at least one key is needed.`);
  for (const key of keys as Partial<PayloadKey>[]) {
    const sound = key?.kty === 'oct' && typeof key.kid === 'string' && key.kid !== '' && typeof key.k === 'string';
    if (!sound || Buffer.from(key.k!, 'base64url').length !== 32) {
      throw new Error(`${source}: every key must be a JWK of kty oct with kid and 32 bytes in k.`);
    }
  }
  return { keys: keys as PayloadKey[] };
}

export function generatePayloadKey(): PayloadKey {
  return { kty: 'oct', kid: `payload-${randomBytes(8).toString('hex')}`, k: randomBytes(32).toString('base64url') };
}

function textOf(keyring: PayloadKeyring): string {
  return `${JSON.stringify(keyring, null, 2)}\n`;
}
