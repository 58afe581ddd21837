/**
 * Temporal behind TLS that asks for a client certificate, as a cluster of somebody else: gateway, worker and the operator's commands
 * reach it by the settings of Temporal's SDK alone, and whatever is wrong has one sentence that names the setting.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Authority } from '../support/certificates.js';
import { examine, foundIn, runToEnd, type Ended } from '../support/doctor.js';
import { startHawser, type Hawser } from '../support/start-hawser.js';
import { requiredEnv } from '../support/test-namespace.js';
import { startTlsProxy, type TlsProxy } from '../support/tls-proxy.js';

const DAY_MS = 86_400_000;
const folder = mkdtempSync(join(tmpdir(), 'hawser-tls-'));
const proxies: TlsProxy[] = [];
let hawser: Hawser;
/** By the short names used below: settings with the paths of the files. */
let access: Record<string, string>;
let otherAuthority: string;
let expiredServer: TlsProxy;

beforeAll(async () => {
  const temporal = requiredEnv('HAWSER_TEST_TEMPORAL');
  const [authority, other] = await Promise.all([Authority.make('Ours'), Authority.make('Another')]);
  const [server, client, ended] = await Promise.all([
    authority.sign('server'),
    authority.sign('client'),
    authority.sign('server', { lifeMs: -DAY_MS }),
  ]);
  const proxy = await startTlsProxy(temporal, server, authority.cert);
  expiredServer = await startTlsProxy(temporal, ended);
  proxies.push(proxy, expiredServer);
  otherAuthority = file('other.pem', other.cert);
  access = {
    TEMPORAL_ADDRESS: proxy.address,
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: file('ca.pem', authority.cert),
    TEMPORAL_TLS_CLIENT_CERT_PATH: file('client.pem', client.cert),
    TEMPORAL_TLS_CLIENT_KEY_PATH: file('client.key', client.key),
  };
  hawser = await startHawser('its Temporal is reached by TLS', { env: access });
});

afterAll(async () => {
  await hawser?.stop();
  await Promise.all(proxies.map((proxy) => proxy.close()));
  rmSync(folder, { recursive: true });
});

test('gateway, worker, doctor and the other commands work through it, and no log holds the key', async () => {
  expect((await hawser.api.send('GET', '/health/ready')).status).toBe(200);
  expect(foundIn(await examine(hawser.env))).toEqual([]);
  expect(await run('worker/roll.js', {})).toMatchObject({ code: 0, out: expect.stringContaining('ROLLED') });
  expect(await run('worker/rebuild-actors.js', {})).toMatchObject({ code: 0, out: expect.stringContaining('REBUILT') });
  expect(hawser.logs()).not.toMatch(/PRIVATE KEY|BEGIN CERTIFICATE/);
});

const WRONG: [string, () => Record<string, string>, RegExp][] = [
  [
    'another authority',
    () => ({ TEMPORAL_TLS_SERVER_CA_CERT_PATH: otherAuthority }),
    /not signed by the authority in TEMPORAL_TLS_SERVER_CA_CERT_PATH/,
  ],
  [
    'no client certificate',
    () => ({ TEMPORAL_TLS_CLIENT_CERT_PATH: '', TEMPORAL_TLS_CLIENT_KEY_PATH: '' }),
    /asks for a client certificate.*TEMPORAL_TLS_CLIENT_CERT_PATH/,
  ],
  ['no TLS', () => ({ TEMPORAL_TLS: 'false' }), /Set TEMPORAL_TLS=true/],
  [
    'TLS where there is none',
    () => ({ TEMPORAL_ADDRESS: requiredEnv('HAWSER_TEST_TEMPORAL') }),
    /Set TEMPORAL_TLS=false/,
  ],
  [
    'a server whose certificate has ended',
    () => ({ TEMPORAL_ADDRESS: expiredServer.address }),
    /certificate of that server has ended/,
  ],
  [
    'an address where nobody listens',
    () => ({ TEMPORAL_ADDRESS: '127.0.0.1:9' }),
    /TEMPORAL_ADDRESS is "127.0.0.1:9", and nobody listens there/,
  ],
  [
    'a namespace that is not there',
    () => ({ TEMPORAL_NAMESPACE: 'nowhere' }),
    /TEMPORAL_NAMESPACE is "nowhere".*no such namespace/,
  ],
];

test.each(WRONG)('a worker with %s ends with one sentence', async (_, change, sentence) => {
  const { code, err } = await run('worker/main.js', change());
  expect(err).toMatch(sentence);
  expect(err).not.toMatch(/PRIVATE KEY|\n\s+at /);
  expect(code).toBe(1);
});

test('doctor and roll say the same', async () => {
  const wrong = { TEMPORAL_TLS_SERVER_CA_CERT_PATH: otherAuthority };
  const sentence = /not signed by the authority in TEMPORAL_TLS_SERVER_CA_CERT_PATH/;
  const { findings } = await examine({ ...hawser.env, ...wrong });
  expect(findings.find(({ code }) => code === 'temporal_unreachable')?.what).toMatch(sentence);
  expect((await run('worker/roll.js', wrong)).err).toMatch(sentence);
});

test('`npm start` finds that server before any package is there, and says what is wrong', async () => {
  expect(await findByScript({})).toContain(`FOUND ${access['TEMPORAL_ADDRESS']}`);
  expect(await findByScript({ TEMPORAL_TLS_SERVER_CA_CERT_PATH: otherAuthority })).toMatch(
    /answers there by TLS \(\w*SIGNATURE|SELF_SIGNED|ISSUER/,
  );
  expect(await findByScript({ TEMPORAL_TLS: 'false' })).toMatch(/answers there without TLS/);
  expect(await findByScript({ TEMPORAL_TLS_CLIENT_KEY_PATH: '/nowhere' })).toMatch(
    /TEMPORAL_TLS_CLIENT_KEY_PATH.*cannot be read/,
  );
});

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const run = (program: string, change: Record<string, string>): Promise<Ended> =>
  runToEnd(join('dist/bin', program), [], { ...hawser.env, ...change });

/** What scripts/stack/start-temporal.mjs says of the server that the settings name. */
async function findByScript(change: Record<string, string>): Promise<string> {
  const script = `import { startTemporal } from './scripts/stack/start-temporal.mjs';
    await startTemporal({}).then(({ address }) => console.log('FOUND ' + address), ({ message }) => console.log(message));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...hawser.env, ...change },
  });
  return stdout;
}
