import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApplicationFailure, defaultPayloadConverter, type Payload } from '@temporalio/common';
import { failureConverter } from './failure-converter.js';
import { createPayloadCodec, ENCRYPTED_ENCODING } from './payload-codec.js';
import {
  ensurePayloadKeyring,
  generatePayloadKey,
  payloadKeyringPath,
  readPayloadKeyring,
  rotatePayloadKeyring,
} from './payload-keyring.js';

const SECRET = 'planted-payload';
const payloadOf = (value: unknown): Payload => defaultPayloadConverter.toPayload(value)!;
const valueOf = (payload: Payload): unknown => defaultPayloadConverter.fromPayload(payload);
const bytesOf = (payload: Payload): string =>
  [...Object.values(payload.metadata ?? {}), payload.data ?? []]
    .map((bytes) => Buffer.from(bytes).toString('latin1'))
    .join('|');

describe('the payload codec', () => {
  it('gives back what it encrypted, in order, and shows nothing of it', async () => {
    const codec = createPayloadCodec({ keyring: { keys: [generatePayloadKey()] } });
    const values = [{ a: SECRET }, null, 'text', [1, 2], undefined];
    const encoded = await codec.encode(values.map(payloadOf));
    for (const payload of encoded) {
      expect(Buffer.from(payload.metadata!['encoding']!).toString()).toBe(ENCRYPTED_ENCODING);
      expect(bytesOf(payload)).not.toContain(SECRET);
      expect(bytesOf(payload)).not.toContain('json/plain');
    }
    expect((await codec.decode(encoded)).map(valueOf)).toEqual(values);
  });

  it('lets other encodings pass untouched', async () => {
    const codec = createPayloadCodec({ keyring: { keys: [generatePayloadKey()] } });
    const plain = [payloadOf({ by: 'person' }), { metadata: {}, data: new Uint8Array([1]) }, {}];
    const decoded = await codec.decode(plain);
    plain.forEach((payload, index) => expect(decoded[index]).toBe(payload));
  });

  it('encrypts with the newest key and decrypts with any', async () => {
    const [oldKey, newKey] = [generatePayloadKey(), generatePayloadKey()];
    const old = await createPayloadCodec({ keyring: { keys: [oldKey] } }).encode([payloadOf('old')]);
    const rotated = createPayloadCodec({ keyring: { keys: [newKey, oldKey] } });
    const fresh = await rotated.encode([payloadOf('new')]);
    expect((await rotated.decode([...old, ...fresh])).map(valueOf)).toEqual(['old', 'new']);
    await expect(createPayloadCodec({ keyring: { keys: [oldKey] } }).decode(fresh)).rejects.toThrow(
      `The payload key "${newKey.kid}" is not in the keyring.`,
    );
  });

  it('reads its keyring again when a key is unknown', async () => {
    const [oldKey, newKey] = [generatePayloadKey(), generatePayloadKey()];
    const fresh = await createPayloadCodec({ keyring: { keys: [newKey] } }).encode([payloadOf('new')]);
    const codec = createPayloadCodec({ keyring: { keys: [oldKey] }, reload: () => ({ keys: [newKey, oldKey] }) });
    expect((await codec.decode(fresh)).map(valueOf)).toEqual(['new']);
  });

  it.each(['data', 'key id'])('refuses a payload whose %s was changed', async (part) => {
    const keys = [generatePayloadKey(), generatePayloadKey()];
    const codec = createPayloadCodec({ keyring: { keys } });
    const [payload] = await codec.encode([payloadOf(SECRET)]);
    if (part === 'data') payload!.data![20]! ^= 1;
    else payload!.metadata!['encryption-key-id'] = Buffer.from(keys[1]!.kid);
    await expect(codec.decode([payload!])).rejects.toThrow();
  });

  it('covers messages and stacks of failures by the failure converter; types stay plain', async () => {
    const codec = createPayloadCodec({ keyring: { keys: [generatePayloadKey()] } });
    const error = ApplicationFailure.nonRetryable(SECRET, 'grant_revoked', { evidence: SECRET });
    const failure = failureConverter.errorToFailure(error, defaultPayloadConverter);
    const [attributes] = await codec.encode([failure.encodedAttributes!]);
    expect(failure.message).toBe('Encoded failure');
    expect(
      JSON.stringify({
        ...failure,
        encodedAttributes: null,
        applicationFailureInfo: { ...failure.applicationFailureInfo, details: null },
      }),
    ).not.toContain(SECRET);
    expect(failure.applicationFailureInfo?.type).toBe('grant_revoked');
    expect(bytesOf(attributes!)).not.toContain(SECRET);
    const [decoded] = await codec.decode([attributes!]);
    const back = failureConverter.failureToError(
      { ...failure, encodedAttributes: decoded },
      defaultPayloadConverter,
    ) as ApplicationFailure;
    expect([back.message, back.type, back.details]).toEqual([SECRET, 'grant_revoked', [{ evidence: SECRET }]]);
  });
});

describe('the payload keyring file', () => {
  let dataDir: string;
  const env = {};
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'hawser-payload-'));
  });
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

  it('is made once, 0600, and refused when others can read it', () => {
    ensurePayloadKeyring({ dataDir, env });
    const text = readFileSync(payloadKeyringPath(dataDir), 'utf8');
    ensurePayloadKeyring({ dataDir, env });
    expect(readFileSync(payloadKeyringPath(dataDir), 'utf8')).toBe(text);
    expect(statSync(payloadKeyringPath(dataDir)).mode & 0o777).toBe(0o600);
    chmodSync(payloadKeyringPath(dataDir), 0o640);
    expect(() => readPayloadKeyring({ dataDir, env })).toThrow(/chmod 600/);
  });

  it('keeps old keys when it rotates', () => {
    ensurePayloadKeyring({ dataDir, env });
    const [old] = readPayloadKeyring({ dataDir, env }).keys;
    const kid = rotatePayloadKeyring({ dataDir, env });
    expect(readPayloadKeyring({ dataDir, env }).keys.map((key) => key.kid)).toEqual([kid, old!.kid]);
  });

  it.each(['', '{}', '{"keys":[{"kty":"oct","kid":"a","k":"c2hvcnQ"}]}'])('refuses %j without repeating it', (text) => {
    expect(() => readPayloadKeyring({ dataDir, env: { HAWSER_KEYRING_PAYLOAD: text || '{' } })).toThrow(
      /^HAWSER_KEYRING_PAYLOAD: [^\n]+$/,
    );
  });
});
