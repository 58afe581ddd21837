/** Where Temporal is, from the settings of its SDK; certificates that cannot be used are said at boot. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Authority, type Certificate } from '../../test/support/certificates.js';
import { readTemporal } from './read-temporal.js';

const folder = mkdtempSync(join(tmpdir(), 'hawser-tls-'));
afterAll(() => rmSync(folder, { recursive: true }));

const DAY_MS = 86_400_000;
let authority: Authority;
let client: Certificate;
beforeAll(async () => {
  authority = await Authority.make('Test authority');
  client = await authority.sign('client');
});

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const told = (environment: Record<string, string>, now?: number): string => {
  try {
    readTemporal(environment, now);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was wrong');
};

test('without settings: the embedded server, plain text; blanks and the switch "off" change nothing', () => {
  const plain = { address: '127.0.0.1:7233', namespace: 'hawser' };
  expect(readTemporal({})).toEqual(plain);
  expect(readTemporal({ TEMPORAL_TLS: '', TEMPORAL_API_KEY: ' ', TEMPORAL_ADDRESS: '', HOME: folder })).toEqual(plain);
  expect(readTemporal({ TEMPORAL_TLS: 'false', TEMPORAL_TLS_SERVER_NAME: 'x' })).toEqual(plain);
});

test('an API key brings TLS with it, headers go with each call', () => {
  const read = readTemporal({
    TEMPORAL_ADDRESS: 'eu.example:7233',
    TEMPORAL_NAMESPACE: 'n.a',
    TEMPORAL_API_KEY: 'k',
    TEMPORAL_GRPC_META_X_TEAM: 'red',
  });
  expect(read).toMatchObject({ address: 'eu.example:7233', namespace: 'n.a', apiKey: 'k', tls: true });
  expect(Object.values(read.metadata ?? {})).toEqual(['red']);
});

test('certificates by path and by text', () => {
  const expected = {
    serverRootCACertificate: Buffer.from(authority.cert),
    clientCertPair: { crt: Buffer.from(client.cert), key: Buffer.from(client.key) },
  };
  const byText = readTemporal({
    TEMPORAL_TLS_SERVER_CA_CERT_DATA: authority.cert,
    TEMPORAL_TLS_CLIENT_CERT_DATA: client.cert,
    TEMPORAL_TLS_CLIENT_KEY_DATA: client.key,
  });
  const byPath = readTemporal({
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: file('ca.pem', authority.cert),
    TEMPORAL_TLS_CLIENT_CERT_PATH: file('client.pem', client.cert),
    TEMPORAL_TLS_CLIENT_KEY_PATH: file('client.key', client.key),
  });
  for (const { tls } of [byText, byPath]) {
    const { serverRootCACertificate, clientCertPair } = tls === true || tls === undefined ? {} : tls;
    expect(
      Buffer.from(serverRootCACertificate ?? [])
        .toString()
        .trim(),
    ).toBe(expected.serverRootCACertificate.toString().trim());
    expect(
      Buffer.from(clientCertPair?.crt ?? [])
        .toString()
        .trim(),
    ).toBe(client.cert.trim());
  }
});

test('a profile of a file is read when it is named, never unbidden', () => {
  const toml = file('temporal.toml', '[profile.eu]\naddress = "eu.example:7233"\nnamespace = "n"\n');
  expect(readTemporal({ TEMPORAL_CONFIG_FILE: toml, TEMPORAL_PROFILE: 'eu' })).toMatchObject({
    address: 'eu.example:7233',
  });
  expect(told({ TEMPORAL_CONFIG_FILE: toml, TEMPORAL_PROFILE: 'us' })).toContain('TEMPORAL_PROFILE');
});

test('each unusable certificate has its sentence, and no key is repeated', async () => {
  const expired = await authority.sign('client', { lifeMs: -DAY_MS });
  const other = await authority.sign('other');
  const [cert, key] = ['TEMPORAL_TLS_CLIENT_CERT_DATA', 'TEMPORAL_TLS_CLIENT_KEY_DATA'];
  expect(told({ [cert]: expired.cert, [key]: expired.key })).toMatch(`${cert} holds a certificate that ended on 2`);
  expect(told({ [cert]: client.cert, [key]: client.key }, Date.now() - 9 * DAY_MS)).toMatch('is valid from 2');
  expect(told({ [cert]: client.cert })).toBe(`${cert} is set without its key. Set TEMPORAL_TLS_CLIENT_KEY_PATH too.`);
  expect(told({ [key]: client.key })).toBe(
    `${key} is set without its certificate. Set TEMPORAL_TLS_CLIENT_CERT_PATH too.`,
  );
  expect(told({ [cert]: client.cert, [key]: other.key })).toBe(`${key} is not the key of the certificate in ${cert}.`);
  const nonsense = '-----BEGIN PRIVATE KEY-----\naHVudGVyMg==\n-----END PRIVATE KEY-----';
  const told_ = told({ [cert]: client.cert, [key]: nonsense });
  expect(told_).toBe(`${key} holds no private key in PEM form (one without a pass phrase).`);
  expect(told({ TEMPORAL_TLS_SERVER_CA_CERT_PATH: file('no.pem', 'x') })).toBe(
    'TEMPORAL_TLS_SERVER_CA_CERT_PATH holds no certificate in PEM form.',
  );
});

test.each([
  'TEMPORAL_CONFIG_FILE',
  'TEMPORAL_TLS_SERVER_CA_CERT_PATH',
  'TEMPORAL_TLS_CLIENT_CERT_PATH',
  'TEMPORAL_TLS_CLIENT_KEY_PATH',
])('%s names a file that is not there', (name) => {
  expect(told({ [name]: '/nowhere/x.pem' })).toBe(`${name} is "/nowhere/x.pem", and there is no such file.`);
});
