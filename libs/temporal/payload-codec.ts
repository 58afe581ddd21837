/**
 * Encrypts every Temporal payload (A256GCM). Search attributes, ids, types and update ids never pass through a codec: they stay plain.
 * Unknown encodings pass through untouched, else a plain signal from the Web UI would stall an actor (docs/decisions.md, "Secrets").
 */
import { createCipheriv, createDecipheriv, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { HawserError } from '#domain/errors.js';
import type { PayloadKeyring } from './payload-keyring.js';

export const ENCRYPTED_ENCODING = 'binary/encrypted';
const KEY_ID = 'encryption-key-id';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const PayloadMessage = temporal.api.common.v1.Payload;

/** Where the codec finds its keys. `reload` is asked when `stamp` has changed, and when a payload names a key that is not known. */
export interface PayloadKeys {
  keyring: PayloadKeyring;
  reload?: () => PayloadKeyring;
  /** Cheap; changes whenever the keyring was replaced. Asked once a second at most, and for an unknown key. */
  stamp?: () => string;
}

const LOOK_MS = 1_000;

export interface KeyedPayloadCodec extends PayloadCodec {
  /** Ids of the keys that it holds at this moment; the first one encrypts. */
  keyIds(): string[];
}

/**
 * Makes the codec: the newest key encrypts, any key of the ring decrypts.
 * `decode` throws `payload_key_missing` when a key is missing or a payload was changed: the workflow task is then repeated until the
 * operator has put the key back (nothing dies of it).
 */
export function createPayloadCodec({ keyring, reload, stamp = () => '' }: PayloadKeys): KeyedPayloadCodec {
  let keys = importKeys(keyring);
  let newest = keyring.keys[0]!.kid;
  let seen = stamp();
  let lookedAt = 0;
  let reloadedAt = 0;

  function readAgain(): void {
    reloadedAt = Date.now();
    const at = stamp();
    const fresh = reload!();
    keys = importKeys(fresh);
    newest = fresh.keys[0]!.kid;
    seen = at;
  }

  /** A rotation is taken over without a restart. A keyring that cannot be read at the moment leaves the keys as they are. */
  function follow(): void {
    if (!reload || Date.now() - lookedAt < LOOK_MS) return;
    lookedAt = Date.now();
    if (stamp() === seen) return;
    try {
      readAgain();
    } catch {
      // The old keys still serve; the next look tries again.
    }
  }

  function find(kid: string): KeyObject {
    if (!keys.has(kid) && reload && (stamp() !== seen || Date.now() - reloadedAt > LOOK_MS)) readAgain();
    const key = keys.get(kid);
    if (!key)
      throw new HawserError(
        'payload_key_missing',
        `The payload key "${shown(kid)}" is not in the keyring. Process ${process.pid} needs it; \`npm run keys -- list\` names who lacks what. Nothing is lost.`,
      );
    return key;
  }

  return {
    keyIds() {
      follow();
      return [newest, ...[...keys.keys()].filter((kid) => kid !== newest)];
    },
    async encode(payloads) {
      follow();
      return payloads.map((payload) => encrypt(payload, newest, keys.get(newest)!));
    },
    async decode(payloads) {
      return payloads.map((payload) => {
        if (textOf(payload.metadata?.['encoding']) !== ENCRYPTED_ENCODING) return payload;
        const kid = textOf(payload.metadata?.[KEY_ID]);
        return decrypt(payload, kid, find(kid));
      });
    },
  };
}

function encrypt(payload: Payload, kid: string, key: KeyObject): Payload {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(kid));
  const plain = PayloadMessage.encode(PayloadMessage.create(payload)).finish();
  return {
    metadata: { encoding: Buffer.from(ENCRYPTED_ENCODING), [KEY_ID]: Buffer.from(kid) },
    data: Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]),
  };
}

/** A payload that was changed, or is no payload of ours: the cause is dropped, it says nothing more. */
function decrypt(payload: Payload, kid: string, key: KeyObject): Payload {
  try {
    return decipher(payload, kid, key);
  } catch {
    throw new HawserError(
      'payload_key_missing',
      `What Temporal keeps was encrypted by "${shown(kid)}" and does not open: it was changed, or another key has that id here.`,
    );
  }
}

/** An id comes from a payload that may be anything: only a short plain text is repeated in messages. */
const shown = (kid: string): string => (/^[\w.-]{1,64}$/.test(kid) ? kid : '(unreadable)');

function decipher(payload: Payload, kid: string, key: KeyObject): Payload {
  const data = Buffer.from(payload.data ?? []);
  if (data.length < IV_BYTES + TAG_BYTES) throw new Error('An encrypted payload is too short.');
  const opener = createDecipheriv('aes-256-gcm', key, data.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  opener.setAAD(Buffer.from(kid));
  opener.setAuthTag(data.subarray(data.length - TAG_BYTES));
  const plain = Buffer.concat([opener.update(data.subarray(IV_BYTES, data.length - TAG_BYTES)), opener.final()]);
  const { metadata, data: content } = PayloadMessage.decode(plain);
  return { metadata, data: content };
}

function importKeys(keyring: PayloadKeyring): Map<string, KeyObject> {
  return new Map(keyring.keys.map(({ kid, k }) => [kid, createSecretKey(Buffer.from(k, 'base64url'))]));
}

function textOf(bytes: Uint8Array | null | undefined): string {
  return bytes ? Buffer.from(bytes).toString('utf8') : '';
}
