/**
 * Temporal behind TLS that asks for a client certificate, as a cluster of somebody else: gateway, worker and the operator's commands
 * reach it by the settings of Temporal's SDK alone, and whatever is wrong has one sentence that names the setting.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Authority } from '../support/certificates.js';
import { examine, foundIn, runToEnd, type Ended } from '../support/doctor.js';
import { startHawser, type Hawser } from '../support/start-hawser.js';
import { requiredEnv } from '../support/test-namespace.js';
import { startTlsProxy, type TlsProxy } from '../support/tls-proxy.js';

const folder = mkdtempSync(join(tmpdir(), 'hawser-tls-'));
const proxies: TlsProxy[] = [];
let hawser: Hawser;
/** By the short names used below: settings with the paths of the files. */
let access: Record<string, string>;
let otherAuthority: string;

beforeAll(async () => {
  const temporal = requiredEnv('HAWSER_TEST_TEMPORAL');
  const [authority, other] = await Promise.all([Authority.make('Ours'), Authority.make('Another')]);
  const [server, client] = await Promise.all([authority.sign('server'), authority.sign('client')]);
  const proxy = await startTlsProxy(temporal, server, authority.cert);
  proxies.push(proxy);
  otherAuthority = file('other.pem', other.cert);
  access = {
    TEMPORAL_ADDRESS: proxy.address,
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: file('ca.pem', authority.cert),
    TEMPORAL_TLS_CLIENT_CERT_PATH: file('client.pem', client.cert),
    TEMPORAL_TLS_CLIENT_KEY_PATH: file('client.key', client.key),
  };
  hawser = await startHawser('its Temporal is reached by TLS', { env: access });
}, 300_000);

afterAll(async () => {
  await hawser?.stop();
  await Promise.all(proxies.map((proxy) => proxy.close()));
  rmSync(folder, { recursive: true });
}, 120_000);

test('gateway, worker, doctor and the other commands work through it, and no log holds the key', async () => {
  expect((await hawser.api.send('GET', '/health/ready')).status).toBe(200);
  expect(foundIn(await examine(hawser.env))).toEqual([]);
  expect(await run('worker/roll.js', {})).toMatchObject({ code: 0, out: expect.stringContaining('ROLLED') });
  expect(await run('worker/rebuild-actors.js', {})).toMatchObject({ code: 0, out: expect.stringContaining('REBUILT') });
  expect(hawser.logs()).not.toMatch(/PRIVATE KEY|BEGIN CERTIFICATE/);
}, 90_000);

test('a worker that cannot get there ends with one sentence and no stack; doctor and roll say the same', async () => {
  const wrong = { TEMPORAL_TLS_SERVER_CA_CERT_PATH: otherAuthority };
  const sentence = /not signed by the authority in TEMPORAL_TLS_SERVER_CA_CERT_PATH/;
  for (const program of ['worker/main.js', 'worker/roll.js']) {
    const { code, out, err } = await run(program, wrong);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(sentence) });
    expect(out + err).not.toMatch(/PRIVATE KEY|\n\s+at /);
  }
  const { findings } = await examine({ ...hawser.env, ...wrong });
  expect(findings.find(({ code }) => code === 'temporal_unreachable')?.what).toMatch(sentence);
  const { code, err } = await run('worker/main.js', { TEMPORAL_NAMESPACE: 'nowhere' });
  expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('TEMPORAL_NAMESPACE is "nowhere"') });
}, 90_000);

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const run = (program: string, change: Record<string, string>): Promise<Ended> =>
  runToEnd(join('dist/bin', program), [], { ...hawser.env, ...change });
