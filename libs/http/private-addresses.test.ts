/** What the operator's list of private addresses opens, and what no list can open. `g36` */
import { parsePrivateAddresses } from './private-addresses.js';

const EVERYTHING = '10.0.0.0/8, 172.16.0.0/12 192.168.0.0/16,100.64.0.0/10,fc00::/7,https://app.example';

test.each([undefined, '', ' ', 'false'])('g36: %j opens nothing', (setting) => {
  const list = parsePrivateAddresses(setting);
  expect(list.allows('https://app.example', '10.1.2.3')).toBe(false);
  expect(list.allowsPlainHttp(new URL('http://10.1.2.3'))).toBe(false);
});

test.each(['true', 'true,10.0.0.0/8'])(
  'g36: "%s" of older settings is refused, with what to write instead',
  (setting) => {
    expect(() => parsePrivateAddresses(setting)).toThrow(
      /HAWSER_ALLOW_PRIVATE_ADDRESSES.*origins or networks.*10\.4\.0\.0/,
    );
  },
);

test.each([
  ['everything', '0.0.0.0/0'],
  ['everything in IPv6', '::/0'],
  ['more than a private network', '10.0.0.0/7'],
  ['link-local', '169.254.0.0/16'],
  ['a metadata address', '169.254.169.254'],
  ['a metadata origin', 'http://169.254.169.254'],
  ['a metadata origin in IPv6', 'http://[fd00:ec2::254]'],
  ['a metadata origin, mapped', 'http://[::ffff:169.254.169.254]'],
  ['6to4', '2002::/16'],
  ['NAT64 of everything', '64:ff9b::/96'],
  ['multicast', 'ff00::/8'],
  ['all of loopback', '127.0.0.0/8'],
  ['loopback in IPv6', '::1'],
  ['mapped loopback', '::ffff:127.0.0.1'],
  ['a public network', '8.8.8.0/24'],
  ['a prefix that is none', '10.0.0.0/33'],
  ['a path', 'https://app.example/path'],
  ['a pattern', 'https://*.example'],
  ['credentials', 'https://a:b@app.example'],
  ['another scheme', 'ftp://app.example'],
  ['a bare name', 'app.example'],
])('g36: %s (%s) is refused at boot, naming the entry', (_, entry) => {
  expect(() => parsePrivateAddresses(`https://ok.example,${entry}`)).toThrow(entry);
});

test('g36: an origin opens itself: no other port, scheme or name', () => {
  const list = parsePrivateAddresses('https://App.example:8443,http://10.1.2.3:8080,http://127.0.0.1:9000');
  expect(list.allows('https://app.example:8443', '10.9.9.9')).toBe(true);
  for (const origin of ['https://app.example', 'http://app.example:8443', 'https://x.app.example:8443'])
    expect(list.allows(origin, '10.9.9.9')).toBe(false);
  expect(list.allows('http://127.0.0.1:9000', '127.0.0.1')).toBe(true);
  expect(list.allows('http://127.0.0.1:9001', '127.0.0.1')).toBe(false);
  expect(list.allowsPlainHttp(new URL('http://10.1.2.3:8080/x'))).toBe(true);
  expect(list.allowsPlainHttp(new URL('http://10.1.2.3:8081/x'))).toBe(false);
});

test('g36: a network opens its addresses in each of their writings, in the clear by number only', () => {
  const list = parsePrivateAddresses('10.4.0.0/16,fd12:3456::/32');
  for (const address of ['10.4.255.1', '::ffff:10.4.0.1', '::ffff:a04:1', '64:ff9b::10.4.0.1', 'fd12:3456::7'])
    expect([address, list.allows('https://any.example', address)]).toEqual([address, true]);
  for (const address of ['10.5.0.1', '::ffff:10.5.0.1', 'fd12:3457::1', '127.0.0.1', '192.168.0.1'])
    expect([address, list.allows('https://any.example', address)]).toEqual([address, false]);
  expect(list.allowsPlainHttp(new URL('http://10.4.1.1/'))).toBe(true);
  expect(list.allowsPlainHttp(new URL('http://[fd12:3456::1]/'))).toBe(true);
  expect(list.allowsPlainHttp(new URL('http://any.example/'))).toBe(false);
});

const METADATA = ['169.254.169.254', '169.254.170.2', '100.100.100.200', '168.63.129.16', '192.0.0.192'];
const hex = (address: string): string => {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
  return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
};

test.each([
  ...METADATA.flatMap((address) => [
    address,
    `::ffff:${address}`,
    `::ffff:${hex(address)}`,
    `::${hex(address)}`,
    `::ffff:0:${hex(address)}`,
    `64:ff9b::${address}`,
    `64:ff9b:1::${hex(address)}`,
    `2002:${hex(address)}::`,
    `2001:0:${hex(address)}::`,
  ]),
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254',
  'fd00:c1::a9fe:a9fe',
  'fd00:42::42',
  'fe80::a9fe:a9fe',
  'fe80::a9fe:a9fe%eth0',
  '0.0.0.0',
  '::',
  '127.0.0.1',
  '::ffff:127.0.0.1',
  'no address',
])('g36: no network opens %s', (address) => {
  const list = parsePrivateAddresses(EVERYTHING);
  expect(list.allows('https://other.example', address)).toBe(false);
  // A name that the operator has listed may lead to loopback; a cloud's credentials it never reaches.
  if (!/127\.0\.0\.1/.test(address)) expect(list.allows('https://app.example', address)).toBe(false);
});
