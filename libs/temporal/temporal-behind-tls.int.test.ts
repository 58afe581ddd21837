/** Temporal behind TLS that asks for a client certificate: what our connections need to get through, and what they say when they do not. */
import { randomBytes } from 'node:crypto';
import { Authority, type Certificate } from '../../test/support/certificates.js';
import { makeNamespace, requiredEnv } from '../../test/support/test-namespace.js';
import { startTlsProxy, type TlsProxy } from '../../test/support/tls-proxy.js';
import { connectClient } from './connect-client.js';
import { connectWorker } from './connect-worker.js';
import { createPayloadCodec } from './payload-codec.js';
import { generatePayloadKey } from './payload-keyring.js';
import { readTemporal } from './read-temporal.js';
import { requireTemporal } from './require-temporal.js';

const DAY_MS = 86_400_000;
const NAMESPACE = `tls-${randomBytes(6).toString('hex')}`;
const codec = createPayloadCodec({ keyring: { keys: [generatePayloadKey()] } });
let ours: Authority;
let other: Authority;
let client: Certificate;
const proxies: Record<'good' | 'ended' | 'elsewhere', TlsProxy> = {} as never;

beforeAll(async () => {
  const temporal = requiredEnv('HAWSER_TEST_TEMPORAL');
  [ours, other] = await Promise.all([Authority.make('Ours'), Authority.make('Another')]);
  client = await ours.sign('client');
  proxies.good = await startTlsProxy(temporal, await ours.sign('server'), ours.cert);
  proxies.ended = await startTlsProxy(temporal, await ours.sign('server', { lifeMs: -DAY_MS }));
  proxies.elsewhere = await startTlsProxy(temporal, await ours.sign('server', { host: 'temporal.example' }));
  await makeNamespace(temporal, NAMESPACE);
});
afterAll(() => Promise.all(Object.values(proxies).map((proxy) => proxy.close())));

const settings = (change: Record<string, string> = {}): Record<string, string> => ({
  TEMPORAL_ADDRESS: proxies.good.address,
  TEMPORAL_NAMESPACE: NAMESPACE,
  TEMPORAL_TLS_SERVER_CA_CERT_DATA: ours.cert,
  TEMPORAL_TLS_CLIENT_CERT_DATA: client.cert,
  TEMPORAL_TLS_CLIENT_KEY_DATA: client.key,
  ...change,
});

/** What a worker's connection says, and what a client does, which asks for the namespace. */
async function tried(environment: Record<string, string>): Promise<{ worker: string; client: string }> {
  const temporal = readTemporal(environment);
  const worker = connectWorker(temporal).then(
    async (connection) => (await connection.close(), 'connected'),
    (error: Error) => error.message,
  );
  const connected = connectClient(temporal, codec);
  const asked = requireTemporal(connected.client, temporal).then(
    () => 'connected',
    (error: Error) => error.message,
  );
  try {
    return { worker: await worker, client: await asked };
  } finally {
    await connected.close();
  }
}

test('with the authority and a certificate of ours both connect', async () => {
  expect(await tried(settings())).toEqual({ worker: 'connected', client: 'connected' });
  const named = settings({ TEMPORAL_ADDRESS: proxies.elsewhere.address, TEMPORAL_TLS_SERVER_NAME: 'temporal.example' });
  expect(await tried(named)).toEqual({ worker: 'connected', client: 'connected' });
});

const WITHOUT_CLIENT = { TEMPORAL_TLS_CLIENT_CERT_DATA: '', TEMPORAL_TLS_CLIENT_KEY_DATA: '' };
const WRONG: [string, () => Record<string, string>, RegExp][] = [
  [
    'another authority',
    () => settings({ TEMPORAL_TLS_SERVER_CA_CERT_DATA: other.cert }),
    /not signed by the authority in TEMPORAL_TLS_SERVER_CA_CERT_PATH/,
  ],
  [
    'no authority',
    () => settings({ TEMPORAL_TLS_SERVER_CA_CERT_DATA: '' }),
    /no authority that this machine trusts.*Set TEMPORAL_TLS_SERVER_CA_CERT_PATH/,
  ],
  [
    'no client certificate',
    () => settings(WITHOUT_CLIENT),
    /asks for a client certificate.*TEMPORAL_TLS_CLIENT_CERT_PATH/,
  ],
  ['no TLS', () => settings({ TEMPORAL_TLS: 'false' }), /Set TEMPORAL_TLS=true/],
  [
    'TLS where there is none',
    () => settings({ TEMPORAL_ADDRESS: requiredEnv('HAWSER_TEST_TEMPORAL') }),
    /Set TEMPORAL_TLS=false/,
  ],
  [
    'a server whose certificate has ended',
    () => settings({ TEMPORAL_ADDRESS: proxies.ended.address }),
    /the certificate of that server has ended/,
  ],
  [
    'a server of another name',
    () => settings({ TEMPORAL_ADDRESS: proxies.elsewhere.address }),
    /for another name.*TEMPORAL_TLS_SERVER_NAME/,
  ],
  [
    'an address where nobody listens',
    () => settings({ TEMPORAL_ADDRESS: '127.0.0.1:9' }),
    /TEMPORAL_ADDRESS is "127.0.0.1:9", and nobody listens there/,
  ],
];

test.each(WRONG)('%s: worker and client say the same sentence, without a key', async (_, environment, sentence) => {
  const told = await tried(environment());
  expect(told).toEqual({ worker: expect.stringMatching(sentence), client: expect.stringMatching(sentence) });
  expect(JSON.stringify(told)).not.toMatch(/BEGIN|PRIVATE/);
});

test('a namespace that is not there is said as that', async () => {
  const told = await tried(settings({ TEMPORAL_NAMESPACE: 'nowhere' }));
  expect(told).toEqual({
    worker: 'connected',
    client: expect.stringMatching(/TEMPORAL_NAMESPACE is "nowhere".*no such namespace/),
  });
});

test('a client certificate of an authority that the server does not know', async () => {
  const stranger = await other.sign('client');
  const told = await tried(
    settings({ TEMPORAL_TLS_CLIENT_CERT_DATA: stranger.cert, TEMPORAL_TLS_CLIENT_KEY_DATA: stranger.key }),
  );
  expect(told.client).toMatch(/refuses the client certificate in TEMPORAL_TLS_CLIENT_CERT_PATH/);
});
