import { zendeskManifest } from '#connectors/zendesk/manifest.js';
import { fillTemplate } from './authorize-url.js';
import { fitsAddress, leadsElsewhere } from './leads-elsewhere.js';

test.each([
  '..',
  '.',
  '/a/../b',
  '/a/./b',
  '/a/%2e%2e/b',
  '/a/.%2E/b',
  '/a/%2e',
  '/a/%252e%252e/b',
  '/a/x%2F..%2Fb',
  '/a/x%2f%2e%2e%2fb',
  '/a/x%5C..%5Cb',
  '/a\\..\\b',
  '/a\\b',
  '/a/.\t./b',
  '/a/%0d%0aHost:%20evil',
  '/a/\u0000',
  '/a/%00',
  '/..?x=1',
  '/..#x',
])('%j leads elsewhere', (path) => expect(leadsElsewhere(path)).toBe(true));

test.each([
  '/services/data/v60.0/sobjects/Account/001',
  '/a/..b',
  '/a/b..',
  '/a/...',
  '/a/x%2Fy',
  '/a/%C3%A9',
  '/a/100%',
  '',
  '/a?x=../..',
  '/a/b.c',
])('%j stays', (path) => expect(leadsElsewhere(path)).toBe(false));

const HOSTILE = [
  'a.evil.example/x',
  'evil.example#',
  'evil.example?',
  'user@evil.example',
  'a:1',
  'a/b',
  'a\\b',
  '..',
  '.',
  'a..b',
  '.a',
  'a.',
  'a\r\nHost: b',
  'a b',
  'a%2f',
  'a\u0000',
  '[::1]',
  'ä.example',
  '',
];

test.each(HOSTILE)('%j is no part of an address', (value) => {
  expect(fitsAddress(value)).toBe(false);
  expect(() =>
    fillTemplate('https://{subdomain}.zendesk.com/oauth/tokens', zendeskManifest.auth, { subdomain: value }),
  ).toThrow(/subdomain/);
});

test.each(['acme', 'acme--uat.sandbox.my.salesforce.com', 'A_1'])('%j is', (value) =>
  expect(fitsAddress(value)).toBe(true),
);
