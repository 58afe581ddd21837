import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensurePayloadKeyring, payloadKeyringPath } from '#temporal/payload-keyring.js';
import type { SealBinding } from '#domain/sealed.js';
import {
  assertKeyringsMatch,
  ensureVaultKeyring,
  localPrivateKeys,
  privateKeyringPath,
  readPrivateKeyring,
  rotateVaultKeyring,
} from './keyring-files.js';
import { parsePrivateKeyring, parsePublicKeyring } from './keyring.js';
import { createOpener } from './open.js';
import { publicKeyringPath, readPublicKeyring } from './public-keyring.js';
import { createSealer } from './seal.js';

const BINDING: SealBinding = { workspaceId: 'ws_aaaa', subject: 'con_aaaa', purpose: 'credential', version: 1 };
let dataDir: string;
const env = {};

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'hawser-keys-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

describe('the local keyring', () => {
  it('is made once: a second start finds the same keys, and the private file is for its owner only', async () => {
    await ensureVaultKeyring({ dataDir, env });
    const first = readFileSync(privateKeyringPath(dataDir), 'utf8');
    await ensureVaultKeyring({ dataDir, env });
    expect(readFileSync(privateKeyringPath(dataDir), 'utf8')).toBe(first);
    expect(statSync(privateKeyringPath(dataDir)).mode & 0o777).toBe(0o600);
    expect(() =>
      assertKeyringsMatch(readPublicKeyring({ dataDir, env }), readPrivateKeyring({ dataDir, env })),
    ).not.toThrow();
    expect(readdirSync(join(dataDir, 'keys')).sort()).toEqual(['vault.private.json', 'vault.public.json']);
  });

  it('is one keyring when several processes start at the same moment', async () => {
    await Promise.all(Array.from({ length: 8 }, () => ensureVaultKeyring({ dataDir, env })));
    expect(() =>
      assertKeyringsMatch(readPublicKeyring({ dataDir, env }), readPrivateKeyring({ dataDir, env })),
    ).not.toThrow();
  });

  it('refuses a private file that others can read, and says what to do', async () => {
    await ensureVaultKeyring({ dataDir, env });
    chmodSync(privateKeyringPath(dataDir), 0o644);
    expect(() => readPrivateKeyring({ dataDir, env })).toThrow(/can be read by other users. Run: chmod 600 /);
  });

  it('does not make a new private key when only the public half is there', async () => {
    await ensureVaultKeyring({ dataDir, env });
    rmSync(privateKeyringPath(dataDir));
    await expect(ensureVaultKeyring({ dataDir, env })).rejects.toThrow(/Put the private keyring back/);
  });

  it('makes a lost public file anew from the private one', async () => {
    await ensureVaultKeyring({ dataDir, env });
    const before = readFileSync(publicKeyringPath(dataDir), 'utf8');
    rmSync(publicKeyringPath(dataDir));
    await ensureVaultKeyring({ dataDir, env });
    expect(readFileSync(publicKeyringPath(dataDir), 'utf8')).toBe(before);
  });

  it('comes from the environment first, as text or as a path', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'hawser-keys-'));
    try {
      await ensureVaultKeyring({ dataDir: elsewhere, env });
      const path = privateKeyringPath(elsewhere);
      const text = readFileSync(path, 'utf8');
      expect(readPrivateKeyring({ dataDir, env: { HAWSER_KEYRING_PRIVATE: path } })).toEqual(JSON.parse(text));
      expect(readPrivateKeyring({ dataDir, env: { HAWSER_KEYRING_PRIVATE: text } })).toEqual(JSON.parse(text));
      expect(() => readPublicKeyring({ dataDir, env: { HAWSER_KEYRING_PUBLIC: text } })).toThrow(
        'HAWSER_KEYRING_PUBLIC: this is a private keyring',
      );
      await ensureVaultKeyring({ dataDir, env: { HAWSER_KEYRING_PRIVATE: path } });
      expect(readdirSync(dataDir)).toEqual([]);
    } finally {
      rmSync(elsewhere, { recursive: true, force: true });
    }
  });

  it('teaches running workers a rotation without a restart', async () => {
    await ensureVaultKeyring({ dataDir, env });
    const opener = createOpener(localPrivateKeys({ dataDir, env }));
    const before = await createSealer(readPublicKeyring({ dataDir, env })).seal('old', BINDING);
    const kid = await rotateVaultKeyring({ dataDir, env });
    expect(readPublicKeyring({ dataDir, env }).keys.map((key) => key.kid)[0]).toBe(kid);
    const after = await createSealer(readPublicKeyring({ dataDir, env })).seal('new', BINDING);
    const later = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 2_000);
    await expect(opener.open(after, BINDING)).resolves.toBe('new');
    await expect(opener.open(before, BINDING)).resolves.toBe('old');
    later.mockRestore();
    expect(statSync(privateKeyringPath(dataDir)).mode & 0o777).toBe(0o600);
  });

  it.each(['', 'not json', '{}', '{"keys":[]}', '{"keys":[{"kty":"EC"}]}', '{"keys":[null]}'])(
    'refuses %j and names the source only',
    (text) => {
      expect(() => parsePublicKeyring(text, 'SOURCE')).toThrow(/^SOURCE: [^\n]+$/);
      expect(() => parsePrivateKeyring(text, 'SOURCE')).toThrow(/^SOURCE: [^\n]+$/);
    },
  );
});

describe('what the gateway has', () => {
  it('cannot open a planted secret: not with the public keyring, not with the payload keyring, not with both', async () => {
    await ensureVaultKeyring({ dataDir, env });
    ensurePayloadKeyring({ dataDir, env });
    const sealed = await createSealer(readPublicKeyring({ dataDir, env })).seal({ accessToken: 'planted' }, BINDING);
    const gatewayFiles = [publicKeyringPath(dataDir), payloadKeyringPath(dataDir)].map((path) =>
      readFileSync(path, 'utf8'),
    );

    // No file of the gateway passes as a private keyring …
    for (const text of gatewayFiles) expect(() => parsePrivateKeyring(text, 'gateway')).toThrow();
    // … none holds the private part, in any spelling …
    const { d } = readPrivateKeyring({ dataDir, env }).keys[0]!;
    const spellings = [d, Buffer.from(d, 'base64url').toString('base64'), Buffer.from(d, 'base64url').toString('hex')];
    for (const text of gatewayFiles) for (const spelling of spellings) expect(text).not.toContain(spelling);
    // … and every key that can be made of their numbers fails to open the box.
    const [publicKey] = readPublicKeyring({ dataDir, env }).keys;
    const payloadKeys = (JSON.parse(gatewayFiles[1]!) as { keys: { k: string }[] }).keys.map((key) => key.k);
    for (const guess of [publicKey!.x, publicKey!.y, ...payloadKeys]) {
      const opener = createOpener({ keys: [{ ...publicKey!, d: guess }] });
      await expect(opener.open(sealed, BINDING)).rejects.toThrow();
    }
    // The worker's file opens it: the box itself is sound.
    await expect(createOpener(readPrivateKeyring({ dataDir, env })).open(sealed, BINDING)).resolves.toEqual({
      accessToken: 'planted',
    });
  });
});
