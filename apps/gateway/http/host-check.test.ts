import { allowedHosts, isHostAllowed } from './host-check.js';

const hosts = allowedHosts('https://hawser.example.com:8443', ['gateway:3000', 'Inner']);

test.each([
  'hawser.example.com',
  'HAWSER.example.com:8443',
  'localhost',
  'localhost:3000',
  '127.0.0.1:4000',
  '[::1]:3000',
  'gateway:3000',
  'inner:1',
])('%s is ours', (host) => {
  expect(isHostAllowed(hosts, host)).toBe(true);
});

test.each([
  undefined,
  '',
  'evil.example',
  'localhost.evil.example',
  'evil.example#localhost',
  'localhost@evil.example',
  'localhost:3000:3000',
  'gateway:1',
  'localhost/',
  ' localhost',
  '127.0.0.2',
])('%s is not', (host) => {
  expect(isHostAllowed(hosts, host)).toBe(false);
});
