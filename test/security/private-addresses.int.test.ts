/** A self-hosted app beside the stack: the app is reached, the stack and the cloud's metadata never, by any name or writing. `g36` */
import dns from 'node:dns';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { createHttp } from '#http/create-http.js';
import type { Http } from '#http/http.js';
import type { Endpoint } from '#http/own-endpoints.js';
import { parsePrivateAddresses, type PrivateAddresses } from '#http/private-addresses.js';
import { ANY_ADDRESS } from '../support/any-address.js';

let app: Server;
let own: Server;
let reached = 0;
const portOf = (server: Server): number => (server.address() as AddressInfo).port;
const clients: Http[] = [];

beforeAll(async () => {
  app = createServer((request, response) => {
    if (request.url === '/away') response.writeHead(302, { location: `http://127.0.0.1:${portOf(own)}/secret` });
    response.end('app');
  });
  own = createServer((_, response) => response.end('inside'));
  own.on('connection', () => (reached += 1));
  // Any address of the machine, as a server in a container listens.
  await Promise.all([app, own].map((server) => new Promise<void>((ready) => server.listen(0, '::', ready))));
});
beforeEach(() => (reached = 0));
afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all(clients.splice(0).map((client) => client.close()));
});
afterAll(() => Promise.all([app, own].map((server) => new Promise((closed) => server.close(closed)))));

function http(privateAddresses: PrivateAddresses, ownServers: Endpoint[] = [{ host: 'localhost', port: portOf(own) }]) {
  const client = createHttp({ originMap: [], privateAddresses, own: ownServers, connectTimeoutMs: 2_000 });
  clients.push(client);
  return client;
}
const get = (client: Http, url: string) =>
  client.send({ method: 'GET', url }).then(
    ({ status }) => String(status),
    (error: { code?: string }) => error.code ?? 'failed',
  );

function resolver(address: string): void {
  jest
    .spyOn(dns, 'lookup')
    .mockImplementation(((_: string, __: object, done: (error: null, found: object[]) => void) =>
      done(null, [{ address, family: address.includes(':') ? 6 : 4 }])) as never);
}

test('g36: a listed origin is reached, in the clear too; what is not listed beside it is refused', async () => {
  const client = http(parsePrivateAddresses(`http://127.0.0.1:${portOf(app)},http://app.example:${portOf(app)}`));
  expect(await get(client, `http://127.0.0.1:${portOf(app)}/`)).toBe('200');
  resolver('127.0.0.1');
  expect(await get(client, `http://app.example:${portOf(app)}/`)).toBe('200');
  expect(await get(client, `https://other.example:${portOf(app)}/`)).toBe('address_refused');
  expect(await get(client, `http://127.0.0.1:${portOf(own)}/`)).toBe('address_refused');
  expect(reached).toBe(0);
});

test('g36: a server of the stack is refused even where it is listed, and where a redirect or a DNS answer leads to it', async () => {
  const port = portOf(own);
  const list = `http://127.0.0.1:${portOf(app)},http://127.0.0.1:${port},https://app.example:${port}`;
  const client = http(parsePrivateAddresses(list));
  expect(await get(client, `http://127.0.0.1:${port}/`)).toBe('address_refused');
  const { status, headers } = await client.send({ method: 'GET', url: `http://127.0.0.1:${portOf(app)}/away` });
  expect([status, await get(client, headers['location'] ?? '')]).toEqual([302, 'address_refused']);
  for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1']) {
    resolver(address);
    expect(await get(client, `https://app.example:${port}/`)).toBe('address_refused');
  }
  expect(reached).toBe(0);
});

test('g36: no writing of an address leads around it, were all addresses open', async () => {
  const port = portOf(own);
  const mine = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  const hosts = [
    ...['127.0.0.1', '127.1', '2130706433', '0x7f.1', '127.9.9.9', '0.0.0.0', '[::]', '[::1]', 'localhost'],
    ...['[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::7f00:1]', '[64:ff9b::127.0.0.1]', '[::ffff:0:7f00:1]'],
    ...mine.filter(({ family }) => family === 'IPv4').map(({ address }) => address),
  ];
  const client = http(ANY_ADDRESS);
  expect(await Promise.all(hosts.map(async (host) => [host, await get(client, `http://${host}:${port}/`)]))).toEqual(
    hosts.map((host) => [host, 'address_refused']),
  );
  expect(reached).toBe(0);
});

test('g36: ports of MongoDB and Temporal are refused in every private network; a server whose name is not known counts as ours', async () => {
  const client = http(parsePrivateAddresses('10.0.0.0/8'), [{ host: 'no-such-host.invalid', port: 8_080 }]);
  for (const port of [27_017, 7_233, 7_234, 8_080])
    expect(await get(client, `https://10.255.255.1:${port}/`)).toBe('address_refused');
});
