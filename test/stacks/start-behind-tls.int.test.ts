/** `npm start` looks for the server of TEMPORAL_ADDRESS before any package is there: by TLS too, and it says what is wrong. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Authority } from '../support/certificates.js';
import { requiredEnv } from '../support/test-namespace.js';
import { startTlsProxy, type TlsProxy } from '../support/tls-proxy.js';

let proxy: TlsProxy;
let other: Authority;
let access: Record<string, string>;

beforeAll(async () => {
  const [ours, another] = await Promise.all([Authority.make('Ours'), Authority.make('Another')]);
  other = another;
  const client = await ours.sign('client');
  proxy = await startTlsProxy(requiredEnv('HAWSER_TEST_TEMPORAL'), await ours.sign('server'), ours.cert);
  access = {
    TEMPORAL_ADDRESS: proxy.address,
    TEMPORAL_TLS_SERVER_CA_CERT_DATA: ours.cert,
    TEMPORAL_TLS_CLIENT_CERT_DATA: client.cert,
    TEMPORAL_TLS_CLIENT_KEY_DATA: client.key,
  };
});
afterAll(() => proxy.close());

/** What a script of ours prints with these settings. */
async function run(script: string, change: Record<string, string> = {}): Promise<string> {
  const options = { env: { PATH: process.env['PATH'], ...access, ...change } };
  return (await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], options)).stdout;
}

const FIND = `import { startTemporal } from './scripts/stack/start-temporal.mjs';
  await startTemporal({}).then(({ address }) => console.log('FOUND ' + address), ({ message }) => console.log(message));`;

test('it is found with the authority and a certificate of ours', async () => {
  expect(await run(FIND)).toContain(`FOUND ${proxy.address}`);
});

test.each([
  [
    'another authority',
    () => ({ TEMPORAL_TLS_SERVER_CA_CERT_DATA: other.cert }),
    /answers there by TLS \(\w*(SIGN|ISSUER)\w*\)/,
  ],
  ['no TLS', () => ({ TEMPORAL_TLS: 'false' }), /answers there without TLS/],
  [
    'a file that is not there',
    () => ({ TEMPORAL_TLS_CLIENT_KEY_DATA: '', TEMPORAL_TLS_CLIENT_KEY_PATH: '/nowhere' }),
    /TEMPORAL_TLS_CLIENT_KEY_PATH is "\/nowhere", which cannot be read/,
  ],
])('%s', async (_, change, sentence) => {
  expect(await run(FIND, change())).toMatch(sentence);
});

test('what belongs to another cluster does not go to the embedded server', async () => {
  const script = `import { hawserEnv } from './scripts/stack/hawser-env.mjs';
    const given = { dataDir: 'd', gatewayPort: 1, mongoUri: 'm', base: process.env };
    const of = (temporal) => Object.keys(hawserEnv({ ...given, temporal })).filter((name) => name.startsWith('TEMPORAL_')).join();
    console.log(of({ address: 'a', namespace: 'n', pid: 1 }), of({ address: 'a', namespace: 'n' }));`;
  const [embedded, elsewhere] = (await run(script, { TEMPORAL_API_KEY: 'k' })).trim().split(' ');
  expect(embedded).toBe('TEMPORAL_ADDRESS,TEMPORAL_NAMESPACE');
  expect(elsewhere).toContain('TEMPORAL_API_KEY');
});
