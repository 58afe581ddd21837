import type { SealBinding, Sealed } from '#domain/sealed.js';
import { generateVaultKey } from './generate-vault-key.js';
import { publicHalf, type PrivateKeyring } from './keyring.js';
import { createOpener } from './open.js';
import { reseal } from './reseal.js';
import { createSealer } from './seal.js';
import { sealedKeyId } from './sealed-key-id.js';

const SECRET = { accessToken: '00Dxx0000001gPL!planted-secret', refreshToken: 'planted-refresh-токен' };
const BINDING: SealBinding = { workspaceId: 'ws_aaaa', subject: 'con_aaaa', purpose: 'credential', version: 3 };

async function newKeyring(): Promise<PrivateKeyring> {
  return { keys: [await generateVaultKey()] };
}

/** Everything that can be read off an error: message, details, stack, cause. */
function wholeText(error: unknown): string {
  const { message, stack, cause, ...rest } = error as Error & { cause?: unknown };
  return [message, stack, String(cause), JSON.stringify(rest)].join('\n');
}

describe('a sealed box', () => {
  it('opens to the same value under the same binding', async () => {
    const keyring = await newKeyring();
    const sealed = await createSealer(publicHalf(keyring)).seal(SECRET, BINDING);
    await expect(createOpener(keyring).open(sealed, BINDING)).resolves.toEqual(SECRET);
  });

  it('is a flattened JWE with the agreed algorithms, and shows nothing of its content', async () => {
    const keyring = await newKeyring();
    const sealed = await createSealer(publicHalf(keyring)).seal(SECRET, BINDING);
    const jwe = JSON.parse(sealed) as Record<string, string>;
    expect(JSON.parse(Buffer.from(jwe['protected']!, 'base64url').toString())).toMatchObject({
      alg: 'ECDH-ES+A256KW',
      enc: 'A256GCM',
      kid: keyring.keys[0]!.kid,
    });
    expect(sealed).not.toContain('planted');
  });

  it.each<[string, Partial<SealBinding>]>([
    ['workspace', { workspaceId: 'ws_bbbb' }],
    ['subject', { subject: 'con_bbbb' }],
    ['purpose', { purpose: 'client_secret' }],
    ['version', { version: 4 }],
  ])('does not open under another %s', async (_name, other) => {
    const keyring = await newKeyring();
    const sealed = await createSealer(publicHalf(keyring)).seal(SECRET, BINDING);
    await expect(createOpener(keyring).open(sealed, { ...BINDING, ...other })).rejects.toMatchObject({
      code: 'vault_damaged',
    });
  });

  it('does not open when parts of the binding are moved between its fields', async () => {
    const keyring = await newKeyring();
    const sealed = await createSealer(publicHalf(keyring)).seal(SECRET, {
      ...BINDING,
      workspaceId: 'a","b',
      subject: 'c',
    });
    const moved = { ...BINDING, workspaceId: 'a', subject: 'b","c' };
    await expect(createOpener(keyring).open(sealed, moved)).rejects.toMatchObject({ code: 'vault_damaged' });
  });

  it('does not open after its own aad was rewritten to the wished binding', async () => {
    const keyring = await newKeyring();
    const sealer = createSealer(publicHalf(keyring));
    const wished = { ...BINDING, subject: 'con_bbbb' };
    const [mine, other] = await Promise.all([sealer.seal(SECRET, BINDING), sealer.seal({}, wished)]);
    const forged = JSON.stringify({ ...JSON.parse(mine), aad: (JSON.parse(other) as { aad: string }).aad }) as Sealed;
    await expect(createOpener(keyring).open(forged, wished)).rejects.toMatchObject({ code: 'vault_damaged' });
  });

  it('says which key is missing', async () => {
    const [keyring, other] = await Promise.all([newKeyring(), newKeyring()]);
    const sealed = await createSealer(publicHalf(keyring)).seal(SECRET, BINDING);
    const failure = createOpener(other).open(sealed, BINDING);
    await expect(failure).rejects.toMatchObject({
      code: 'key_missing',
      detail: expect.stringContaining(keyring.keys[0]!.kid) as string,
    });
  });

  it.each([
    [
      'a flipped character',
      (text: string) =>
        text.replace(/"ciphertext":"./, (found) => `${found.slice(0, -1)}${found.endsWith('A') ? 'B' : 'A'}`),
    ],
    ['half of it', (text: string) => text.slice(0, text.length / 2)],
    ['plain JSON', () => JSON.stringify(SECRET)],
    ['no JSON', () => 'planted-secret'],
    [
      'another algorithm',
      (text: string) =>
        JSON.stringify({
          ...JSON.parse(text),
          protected: Buffer.from('{"alg":"dir","enc":"A256GCM","kid":"x"}').toString('base64url'),
        }),
    ],
  ])('is damaged, without a word of its content: %s', async (_name, damage) => {
    const keyring = await newKeyring();
    const sealed = damage(await createSealer(publicHalf(keyring)).seal(SECRET, BINDING)) as Sealed;
    const error: unknown = await createOpener(keyring)
      .open(sealed, BINDING)
      .catch((failure: unknown) => failure);
    expect(['vault_damaged', 'key_missing']).toContain((error as { code: string }).code);
    expect(wholeText(error)).not.toContain('planted');
  });
});

describe('rotation', () => {
  it('opens old boxes, seals with the newest key, and re-seals old boxes once', async () => {
    const old = await newKeyring();
    const rotated = { keys: [await generateVaultKey(), ...old.keys] };
    const newestKid = rotated.keys[0]!.kid;
    const before = await createSealer(publicHalf(old)).seal(SECRET, BINDING);
    const [opener, sealer] = [createOpener(rotated), createSealer(publicHalf(rotated))];

    await expect(opener.open(before, BINDING)).resolves.toEqual(SECRET);
    const after = await reseal(opener, sealer, newestKid, before, BINDING);
    expect(sealedKeyId(after!)).toBe(newestKid);
    await expect(createOpener({ keys: [rotated.keys[0]!] }).open(after!, BINDING)).resolves.toEqual(SECRET);
    await expect(reseal(opener, sealer, newestKid, after!, BINDING)).resolves.toBeNull();
  });
});
