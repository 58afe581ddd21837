/** The address policy at the moment of connecting: odd ways to write an address, names that lead inside or change, redirects. */
import dns from 'node:dns';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isBlockedAddress } from '#http/address-policy.js';
import { createHttp } from '#http/create-http.js';
import type { Http } from '#http/http.js';
import { countPassed } from '../support/count-passed.js';
import { NO_PRIVATE_ADDRESSES } from '#http/private-addresses.js';
import { ANY_ADDRESS } from '../support/any-address.js';

let server: Server;
let port: number;
let reached = 0;
let strict: Http;
beforeAll(async () => {
  server = createServer((request, response) => {
    reached += 1;
    if (request.url === '/away') response.writeHead(302, { location: `http://127.0.0.1:${port}/secret` });
    response.end('inside');
  });
  server.on('connection', () => (reached += 1));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  ({ port } = server.address() as AddressInfo);
  strict = createHttp({ originMap: [], privateAddresses: NO_PRIVATE_ADDRESSES, connectTimeoutMs: 2_000 });
});
beforeEach(() => (reached = 0));
afterEach(() => jest.restoreAllMocks());
afterAll(async () => {
  await strict.close();
  await new Promise((closed) => server.close(closed));
});

const failureOf = (url: string): Promise<{ code?: string; phase?: string; sent: boolean }> => {
  let sent = false;
  const request = {
    method: 'POST',
    url,
    body: 'secret=1',
    headers: { authorization: 'Bearer secret' },
    onFirstByte: () => void (sent = true),
  };
  return strict.send(request).then(
    () => Promise.reject(new Error(`${url} was reached.`)),
    (error: { code?: string; phase?: string }) => ({ code: error.code, phase: error.phase, sent }),
  );
};

// Each stands for an address of ours, written as somebody would who wants to get around a comparison of texts (WHATWG URL, IPv4 parser; RFC 4291 section 2.2).
const FORMS = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '2130706433',
  '017700000001',
  '0x7f000001',
  '0x7f.0.0.1',
  '0177.0.0.1',
  '127.0.0.1.',
  '%31%32%37.0.0.1',
  '１２７.０.０.１',
  '127。0。0。1',
  '0',
  '0.0.0.0',
  '10.1',
  '192.168.257',
  '169.254.169.254',
  '0xa9fea9fe',
  '2852039166',
  '[::]',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[0000:0000:0000:0000:0000:0000:0000:0001]',
  '[::127.0.0.1]',
  '[::7f00:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::ffff:a9fe:a9fe]',
  '[0:0:0:0:0:ffff:169.254.169.254]',
  '[::ffff:0:127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b::a9fe:a9fe]',
  '[64:ff9b:1::1]',
  '[2002:7f00:1::]',
  '[2001:0:7f00:1::]',
  '[fe80::1]',
  '[febf::1]',
  '[fc00::1]',
  '[fd00:ec2::254]',
  '[fec0::1]',
  '[ff02::1]',
  '[100::1]',
  '[3fff::1]',
  '[5f00::1]',
  '[2001:db8::1]',
];
const passed = countPassed('address-forms', FORMS.length);

test.each(FORMS)('https://%s/ is refused before anything is sent', async (host) => {
  expect(await failureOf(`https://${host}:${port}/`)).toEqual({
    code: 'address_refused',
    phase: undefined,
    sent: false,
  });
  expect(reached).toBe(0);
  passed();
});

test.each([
  '[fe80::1%25eth0]',
  '[fe80::1%eth0]',
  '1.2.3.4.5',
  '0x7f.0.0.256',
  '999.1.1.1',
  'user:pass@127.0.0.1',
  '127.0.0.1\\@example.com',
  'exa mple.com',
  'a\u0000b',
])('https://%s/ is no address or is refused', async (host) => {
  const { code, sent } = await failureOf(`https://${host}/`);
  expect([code, sent]).toEqual([expect.stringMatching(/^(bad_request|address_refused)$/), false]);
});

test.each(['localhost', 'localhost.', 'LOCALHOST', 'sub.localhost'])('the name %s leads inside', async (name) => {
  expect((await failureOf(`https://${name}:${port}/`)).code).toMatch(/^(address_refused|dns)$/);
  expect(reached).toBe(0);
});

/** Answers of the resolver, one list for each question. */
function resolver(...answers: string[][]): jest.SpyInstance {
  return jest.spyOn(dns, 'lookup').mockImplementation(((
    _: string,
    __: object,
    done: (error: null, found: dns.LookupAddress[]) => void,
  ) => {
    const addresses = (answers.length > 1 ? answers.shift() : answers[0]) ?? [];
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  }) as never);
}

test.each([
  ['one inside', ['127.0.0.1']],
  ['one inside among good ones', ['192.0.2.1', '8.8.8.8', '127.0.0.1']],
  ['one inside in IPv6', ['8.8.8.8', '::ffff:127.0.0.1']],
  ['a link-local one with its zone', ['fe80::1%eth0']],
  ['none', []],
])('a name with %s is refused', async (_, addresses) => {
  resolver(addresses);
  expect(await failureOf(`https://rebind.example:${port}/`)).toMatchObject({ code: 'address_refused', sent: false });
  expect(reached).toBe(0);
});

test('a name that changes between the check and the connection: there is one question, and its answer is what is dialled', async () => {
  // The first answer is good (nobody answers there), every later one leads inside.
  const lookup = resolver(['9.0.0.0'], ['127.0.0.1']);
  const first = await failureOf(`https://rebind.example:${port}/`);
  expect(first).toMatchObject({ phase: 'before_first_byte', sent: false });
  expect(lookup).toHaveBeenCalledTimes(1);
  expect(await failureOf(`https://rebind.example:${port}/`)).toMatchObject({ code: 'address_refused' });
  expect(reached).toBe(0);
});

test('a redirect is an answer like any other: nothing follows it', async () => {
  const free = createHttp({ originMap: [], privateAddresses: ANY_ADDRESS });
  const answer = await free.send({
    method: 'GET',
    url: `http://127.0.0.1:${port}/away`,
    headers: { authorization: 'Bearer secret' },
  });
  const fetched = await free.fetch(`http://127.0.0.1:${port}/away`);
  await free.close();
  expect([answer.status, fetched.status]).toEqual([302, 302]);
  // Two connections at most, two requests, none to /secret.
  expect(reached).toBeLessThanOrEqual(4);
});

test('plain http is refused for any host, before its name is looked up', async () => {
  const lookup = resolver(['8.8.8.8']);
  expect(await failureOf('http://app.example/')).toMatchObject({ code: 'address_refused', sent: false });
  expect(lookup).not.toHaveBeenCalled();
});

test('of IPv6 addresses all over the space only global unicast passes', () => {
  const passing = Array.from({ length: 65_536 / 8 }, (_, index) => index * 8 + 3).filter(
    (high) => !isBlockedAddress(`${high.toString(16)}:1234::1`),
  );
  // 2000::/3 is all that IANA has given out as global unicast (RFC 4291 section 2.4), and 64:ff9b::/96 is its translation (not this form).
  expect(passing.every((high) => high >= 0x2000 && high <= 0x3fff)).toBe(true);
  expect(passing.length).toBeGreaterThan(1_000);
});

test('header values with line breaks never reach the wire', async () => {
  const free = createHttp({ originMap: [], privateAddresses: ANY_ADDRESS });
  for (const value of ['a\r\nX-Evil: 1', 'a\nb', 'a\u0000b', 'a\rb', 'snow\u2603'])
    for (const headers of [{ 'x-a': value }, { authorization: `Bearer ${value}` }] as Record<string, string>[])
      await expect(free.send({ method: 'GET', url: `http://127.0.0.1:${port}/`, headers })).rejects.toMatchObject({
        phase: 'before_first_byte',
      });
  for (const method of ['GET / HTTP/1.1\r\nX: 1', 'G\u0000T', 'GE T'])
    await expect(free.send({ method, url: `http://127.0.0.1:${port}/` })).rejects.toBeDefined();
  await free.close();
  expect(reached).toBeLessThanOrEqual(13);
});
