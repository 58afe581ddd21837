import { readGatewayConfig } from './gateway-config.js';

test('defaults are those of one machine', () => {
  expect(readGatewayConfig({})).toMatchObject({
    port: 3000,
    bind: '127.0.0.1',
    publicUrl: 'http://127.0.0.1:3000',
    temporal: { address: '127.0.0.1:7233', namespace: 'hawser' },
    rateLimit: 600,
    hosts: [],
  });
});

test('the public address loses its last slash, hosts are split, blanks count as unset', () => {
  expect(
    readGatewayConfig({ HAWSER_PUBLIC_URL: 'https://h.example/', HAWSER_HOSTS: 'a, b:3000,', MONGODB_URI: ' ' }),
  ).toMatchObject({ publicUrl: 'https://h.example', hosts: ['a', 'b:3000'] });
});

test.each([
  ['HAWSER_GATEWAY_PORT', 'eighty'],
  ['HAWSER_GATEWAY_PORT', '0'],
  ['HAWSER_PUBLIC_URL', 'ftp://x'],
  ['TEMPORAL_ADDRESS', 'localhost'],
  ['MONGODB_URI', 'postgres://user:hunter2@x'],
  ['HAWSER_ORIGIN_MAP', '{"x"'],
  ['HAWSER_ORIGIN_MAP', '{"https://x":"nowhere"}'],
  ['HAWSER_RATE_LIMIT', '-1'],
  ['HAWSER_TRUSTED_PROXIES', 'everyone'],
  ['HAWSER_TRUSTED_PROXIES', '10.0.0.0/33'],
])('a wrong %s (%s) is named, and its value is not repeated', (name, value) => {
  expect(() => readGatewayConfig({ [name]: value })).toThrow(name);
  expect(() => readGatewayConfig({ [name]: value })).not.toThrow('hunter2');
});
