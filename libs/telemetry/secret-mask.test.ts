import { inspect } from 'node:util';
import { SecretMask } from './secret-mask.js';

const SECRET = '00Dx!AQ/e+A"b\\c d&é=Z9zz~Q';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

const FORMS: [string, string][] = [
  ['plain', SECRET],
  ['base64', base64(SECRET)],
  ['base64url', Buffer.from(SECRET).toString('base64url')],
  ['base64, one byte behind', base64(`x${SECRET}y`)],
  ['base64, two bytes behind', base64(`id:${SECRET}!!`)],
  ['base64, URL-encoded', encodeURIComponent(base64(SECRET))],
  ['hex', Buffer.from(SECRET).toString('hex')],
  ['hex in capitals', Buffer.from(SECRET).toString('hex').toUpperCase()],
  ['URL-encoded', encodeURIComponent(SECRET)],
  ['URL-encoded in small letters', encodeURIComponent(SECRET).replace(/%../g, (one) => one.toLowerCase())],
  ['URL-encoded twice', encodeURIComponent(encodeURIComponent(SECRET))],
  ['as a form', new URLSearchParams({ a: SECRET }).toString().slice(2)],
  ['JSON', JSON.stringify(SECRET).slice(1, -1)],
  ['JSON in JSON', JSON.stringify(JSON.stringify(SECRET)).slice(1, -1)],
  [
    'JSON with escapes of everything unusual',
    [...SECRET]
      .map((char) => (/[A-Za-z0-9]/.test(char) ? char : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`))
      .join(''),
  ],
  ['JSON with escaped slashes', JSON.stringify(SECRET).slice(1, -1).replaceAll('/', '\\/')],
  ['HTML', SECRET.replaceAll('&', '&amp;').replaceAll('"', '&quot;')],
  [
    'HTML by numbers',
    [...SECRET].map((char) => (/[A-Za-z0-9]/.test(char) ? char : `&#${char.charCodeAt(0)};`)).join(''),
  ],
];

/** At most two characters of each end of a base64 text mix with their neighbours; no more may be left of any form. */
const rest = (masked: string): string => masked.replaceAll('[redacted]', '');

test.each(FORMS)('%s is masked', (_, form) => {
  const masked = SecretMask.of(SECRET).text(`You sent ${form}.`);
  expect(masked).toContain('[redacted]');
  expect(rest(masked).length).toBeLessThanOrEqual('You sent .'.length + 18);
  for (const part of form.match(/[\s\S]{8}/gu) ?? []) expect(masked).not.toContain(part);
});

test('a JSON text stays JSON and keeps the rest', () => {
  const text = JSON.stringify({
    error: 'x',
    message: `token ${SECRET} is bad`,
    nested: JSON.stringify({ token: SECRET }),
  });
  const parsed = JSON.parse(SecretMask.of(SECRET).text(text)) as Record<string, string>;
  expect(parsed).toMatchObject({ error: 'x', message: 'token [redacted] is bad' });
  expect(JSON.parse(parsed['nested'] ?? '')).toEqual({ token: '[redacted]' });
});

test('a quotation that is cut short is masked; a few characters in common are not', () => {
  const token = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
  const mask = SecretMask.of(token);
  for (let start = 0; start + 16 <= token.length; start += 1) {
    expect(mask.text(`(${token.slice(start, start + 16)}...)`)).toBe('([redacted]...)');
    expect(mask.text(`(${token.slice(start, start + 15)}...)`)).toBe(`(${token.slice(start, start + 15)}...)`);
  }
  expect(mask.text(`${token.slice(0, 20)} ${token.slice(30)} x`)).toBe('[redacted] [redacted] x');
});

test('of two secrets the longer goes first, blank and short ones are passed over', () => {
  const mask = SecretMask.of('secret-one', 'secret-one-and-two', '', ' ', null, undefined, 'abc').with(
    SecretMask.of('third-secret'),
  );
  expect(mask.text('secret-one-and-two secret-one third-secret abc')).toBe('[redacted] [redacted] [redacted] abc');
});

test('no logger and no serializer sees what it holds', () => {
  const mask = SecretMask.of(SECRET);
  expect(JSON.stringify({ mask })).toBe('{"mask":"[redacted]"}');
  expect(inspect(mask, { depth: 9, showHidden: true })).not.toContain('AQ/e');
});

test.each([
  ['backslashes', '\\'.repeat(40), '\\'.repeat(60_000)],
  ['backslashes and quotes', '\\"'.repeat(30), '\\"'.repeat(30_000)],
  ['per cent signs', '%25'.repeat(20), '%25'.repeat(20_000)],
  ['one letter', 'a'.repeat(40), `${'a'.repeat(39)}b`.repeat(1_500)],
  ['slashes', '/'.repeat(40), '\\/'.repeat(30_000)],
  ['ampersands', '&'.repeat(40), '&amp;'.repeat(12_000)],
])('%s as a secret do not make it slow', (_, secret, text) => {
  const started = process.cpuUsage().user;
  SecretMask.of(secret).text(`${text}!`);
  // Linear work takes milliseconds here; a search that goes back over its steps takes minutes.
  expect(process.cpuUsage(undefined).user - started).toBeLessThan(5_000_000);
});
