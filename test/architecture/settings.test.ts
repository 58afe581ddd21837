/** Every setting of gateway and worker: blank is "not set", a wrong one is named with its value and what is allowed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSettings } from '#settings/read-settings.js';
import type { Settings } from '#settings/setting.js';
import { GATEWAY_SETTINGS, readGatewayConfig } from '../../apps/gateway/config/gateway-config.js';
import { WORKER_SETTINGS, readWorkerConfig } from '../../apps/worker/config/worker-config.js';

const ALL: Settings = { ...GATEWAY_SETTINGS, ...WORKER_SETTINGS };
const README = readFileSync(join(__dirname, '..', '..', 'README.md'), 'utf8');

/** Texts that cannot be wrong: a path, a name, an address that only the system can judge. */
const ANY_TEXT = [
  ...[
    'HAWSER_DATA',
    'HAWSER_GATEWAY_BIND',
    'HAWSER_CODEC_SOCKET',
    'HAWSER_METRICS_BIND',
    'TEMPORAL_NAMESPACE',
    'TEMPORAL_API_KEY',
  ],
  ...['TEMPORAL_TLS_SERVER_CA_CERT_PATH', 'TEMPORAL_TLS_CLIENT_CERT_PATH', 'TEMPORAL_TLS_CLIENT_KEY_PATH'],
  ...['TEMPORAL_CONFIG_FILE', 'TEMPORAL_PROFILE'],
];

const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nx';
const PRIVATE_KEY = '-----BEGIN EC PRIVATE KEY-----\nx';

/** A right value, what it is read as, and wrong ones. */
const EXAMPLES: Record<string, { right: string; read: unknown; wrong: string[] }> = {
  HAWSER_ORIGIN_MAP: {
    right: '{"https://x.example":"http://127.0.0.1:1"}',
    read: [{ pattern: /^https:\/\/x\.example$/i, target: 'http://127.0.0.1:1' }],
    wrong: ['{"x"', '[]', 'null', '3', '{"https://x":"nowhere"}'],
  },
  MONGODB_URI: {
    right: 'mongodb://db/h',
    read: 'mongodb://db/h',
    wrong: ['postgres://user:hunter2@x', 'mongodb:///hunter2'],
  },
  HAWSER_GATEWAY_PORT: { right: '80', read: 80, wrong: ['eighty', '0', '65536', '-1', '1e3', '3000.5', '0x10'] },
  HAWSER_METRICS_PORT: { right: '9464', read: 9464, wrong: ['0', '65536', 'on'] },
  HAWSER_SDK_METRICS_PORT: { right: '9465', read: 9465, wrong: ['0', '65536', 'on'] },
  HAWSER_PUBLIC_URL: { right: 'https://h.example/', read: 'https://h.example', wrong: ['ftp://x', 'h.example'] },
  HAWSER_LOG_LEVEL: { right: 'warn', read: 'warn', wrong: ['loud', 'WARN'] },
  TEMPORAL_ADDRESS: { right: '[::1]:7233', read: '[::1]:7233', wrong: ['localhost', 'http://x:7233', ':7233', 'x:y'] },
  TEMPORAL_TLS: { right: 'true', read: 'true', wrong: ['yes', 'on'] },
  TEMPORAL_TLS_SERVER_NAME: { right: 'x.example', read: 'x.example', wrong: ['https://x', 'x:7233'] },
  TEMPORAL_TLS_SERVER_CA_CERT_DATA: { right: CERTIFICATE, read: CERTIFICATE, wrong: ['/ca.pem', PRIVATE_KEY] },
  TEMPORAL_TLS_CLIENT_CERT_DATA: { right: CERTIFICATE, read: CERTIFICATE, wrong: ['/client.pem'] },
  TEMPORAL_TLS_CLIENT_KEY_DATA: { right: PRIVATE_KEY, read: PRIVATE_KEY, wrong: ['hunter2', CERTIFICATE] },
  TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: { right: 'false', read: 'false', wrong: ['true', '1'] },
  HAWSER_HOSTS: { right: 'a, b:3000,', read: ['a', 'b:3000'], wrong: ['https://a', 'a b'] },
  HAWSER_RATE_LIMIT: { right: '1', read: 1, wrong: ['-1', '0', 'many'] },
  HAWSER_DRAIN_MS: { right: '5000', read: 5000, wrong: ['-1', '60001', 'long'] },
  HAWSER_TRUSTED_PROXIES: {
    right: '10.0.0.7, 10.1.0.0/16, fd12::/48',
    read: ['10.0.0.7', '10.1.0.0/16', 'fd12::/48'],
    wrong: ['everyone', '10.0.0.0/33', '10.0.0.0/8/8', '10.0.0.0/', 'fd12::/129'],
  },
  TEMPORAL_UI_ORIGIN: { right: 'http://ui:8080', read: 'http://ui:8080', wrong: ['ui:8080', 'ui'] },
  HAWSER_ALLOW_PRIVATE_ADDRESSES: { right: 'false', read: expect.anything(), wrong: ['true', '8.8.8.8/8', 'corp'] },
  HAWSER_OWN_ADDRESSES: { right: 'mongo:27017', read: [{ host: 'mongo', port: 27_017 }], wrong: ['postgres'] },
  HAWSER_CODEC_PORT: { right: '8299', read: 8299, wrong: ['-1', '70000', 'x'] },
  HAWSER_CODEC_TOKEN: { right: '0123456789abcdef', read: '0123456789abcdef', wrong: ['hunter2'] },
  HAWSER_LEASE_MS: { right: '30000', read: 30_000, wrong: ['30001', '30s', '-1'] },
  HAWSER_REQUEST_MS: { right: '60000', read: 60_000, wrong: ['60001', 'long'] },
  HAWSER_ANSWER_MS: { right: '0', read: 0, wrong: ['-5', '2m'] },
  HAWSER_STEPS_PER_CONNECTION: { right: '90', read: 90, wrong: ['0', '91'] },
  HAWSER_CACHED_WORKFLOWS: { right: '10', read: 10, wrong: ['9', 'all'] },
};

test('each setting is tried here', () => {
  expect(Object.keys(ALL).sort()).toEqual([...ANY_TEXT, ...Object.keys(EXAMPLES)].sort());
});

test.each(Object.keys(ALL))('%s: a blank value is "not set", and the README lists it', (name) => {
  const unset = readSettings(ALL, {});
  for (const blank of ['', ' ', '\t\n']) expect(readSettings(ALL, { [name]: blank })).toEqual(unset);
  expect(unset[name]).toEqual(ALL[name]?.otherwise);
  expect(README).toContain(`\`${name}\``);
});

test.each(ANY_TEXT)('%s: any text, without the blanks around it', (name) => {
  expect(readSettings(ALL, { [name]: ' x ' })[name]).toBe('x');
});

test.each(Object.entries(EXAMPLES))(
  '%s: right values are read, wrong ones are named',
  (name, { right, read, wrong }) => {
    expect(readSettings(ALL, { [name]: ` ${right} ` })[name]).toEqual(read);
    for (const value of wrong) {
      const told = messageOf(() => readSettings(ALL, { [name]: value }));
      const hidden = ALL[name]?.secret;
      expect(told).toContain(
        `${name} is ${hidden ? 'wrong (its value is not shown)' : `"${value}"`}. Allowed is ${ALL[name]?.allowed}`,
      );
      if (hidden) expect(told).not.toContain(value);
    }
  },
);

test.each([
  ['gateway', readGatewayConfig, GATEWAY_SETTINGS],
  ['worker', readWorkerConfig, WORKER_SETTINGS],
])('the %s says all that is wrong at once, and blank settings are its defaults', (_, read, settings: Settings) => {
  const wrong = Object.entries(EXAMPLES).flatMap(
    ([
      name,
      {
        wrong: [first],
      },
    ]) => (name in settings ? [[name, first]] : []),
  );
  const told = messageOf(() => read(Object.fromEntries(wrong) as NodeJS.ProcessEnv));
  expect(new Set(told.split('\n').map((line) => line.split(' ')[0]))).toEqual(new Set(wrong.map(([name]) => name)));
  expect(told).not.toContain('hunter2');
  const blanks = Object.fromEntries(Object.keys(settings).map((name) => [name, ' ']));
  expect(JSON.stringify(read(blanks))).toBe(JSON.stringify(read({})));
});

test('a password in an address that holds none usually is not repeated, and a long value is cut', () => {
  expect(messageOf(() => readGatewayConfig({ HAWSER_PUBLIC_URL: 'ftp://user:hunter2@x' }))).not.toContain('hunter2');
  expect(messageOf(() => readGatewayConfig({ HAWSER_HOSTS: `a b${'x'.repeat(5_000)}` })).length).toBeLessThan(300);
});

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was wrong');
}
