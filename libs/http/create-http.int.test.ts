import { createServer, type Server, type Socket } from 'node:net';
import { parseOriginMap } from '#domain/origin-map.js';
import { createHttp, type HttpOptions } from './create-http.js';
import type { Http, HttpRequest } from './http.js';
import { isTransportError, type TransportError } from './transport-error.js';
import { NO_PRIVATE_ADDRESSES } from './private-addresses.js';
import { ANY_ADDRESS } from '../../test/support/any-address.js';

/** A raw TCP server: it does with each connection what the test says, and keeps what it received. */
async function rawServer(onConnection: (socket: Socket, received: () => string) => void) {
  const sockets = new Set<Socket>();
  const received: string[] = [];
  const server: Server = createServer((socket) => {
    const index = received.push('') - 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      received[index] += chunk.toString('latin1');
      socket.emit('got');
    });
    onConnection(socket, () => received[index] ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port, origin: `http://127.0.0.1:${port}`, received, sockets, close };
}

const answer = (body: string, head = ''): string =>
  `HTTP/1.1 200 OK\r\n${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

/** Answers each whole request (no bodies in these tests beyond one chunk). */
const answering = (text: string) => (socket: Socket) => socket.on('got', () => socket.write(text));

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function serve(onConnection: Parameters<typeof rawServer>[0]) {
  const server = await rawServer(onConnection);
  cleanups.push(server.close);
  return server;
}

function http(options: Partial<HttpOptions> = {}): Http {
  const made = createHttp({ originMap: [], privateAddresses: ANY_ADDRESS, ...options });
  cleanups.push(() => made.close());
  return made;
}

async function failureOf(
  client: Http,
  request: Partial<HttpRequest> & { url: string },
): Promise<TransportError & { sent: boolean }> {
  let sent = false;
  try {
    await client.send({ method: 'POST', body: 'x=1', onFirstByte: () => (sent = true), ...request });
  } catch (error) {
    if (isTransportError(error)) return Object.assign(error, { sent });
    throw error;
  }
  throw new Error('It did not fail.');
}

describe('phases of a transport failure', () => {
  it('a refused connection is before the first byte', async () => {
    const gone = await rawServer(() => undefined);
    await gone.close();
    const error = await failureOf(http(), { url: `${gone.origin}/token?secret=abc` });
    expect(error).toMatchObject({ phase: 'before_first_byte', code: 'refused', sent: false });
    expect(error.message).toContain('127.0.0.1');
    expect(error.message).not.toMatch(/secret|abc|\/token/);
  });

  it('an unknown host is before the first byte', async () => {
    expect(await failureOf(http(), { url: 'https://no-such-host.invalid/' })).toMatchObject({
      phase: 'before_first_byte',
      code: 'dns',
      sent: false,
    });
  });

  it('a failing TLS handshake is before the first byte, reset or nonsense alike', async () => {
    const nonsense = await serve((socket) => socket.on('got', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
    const reset = await serve((socket) => socket.on('got', () => socket.resetAndDestroy()));
    const client = http();
    expect(await failureOf(client, { url: `https://127.0.0.1:${nonsense.port}/` })).toMatchObject({
      phase: 'before_first_byte',
      sent: false,
    });
    expect(await failureOf(client, { url: `https://127.0.0.1:${reset.port}/` })).toMatchObject({
      phase: 'before_first_byte',
      sent: false,
    });
  });

  it('a server that never finishes the handshake: time-out before the first byte', async () => {
    const silent = await serve(() => undefined);
    const error = await failureOf(http(), { url: `https://127.0.0.1:${silent.port}/`, timeoutMs: 150 });
    expect(error).toMatchObject({ phase: 'before_first_byte', code: 'timeout', sent: false });
  });

  it('no answer in time is after the first byte', async () => {
    const silent = await serve(() => undefined);
    const error = await failureOf(http(), { url: silent.origin, timeoutMs: 150 });
    expect(error).toMatchObject({ phase: 'after_first_byte', code: 'timeout', sent: true });
    expect(silent.received[0]).toContain('x=1');
  });

  it('an answer that came while the process stood still is read, though its time is up', async () => {
    const server = await serve(() => undefined);
    const pending = http().send({ method: 'POST', url: server.origin, body: 'x=1', timeoutMs: 1_500 });
    const [socket] = await new Promise<Socket[]>((resolve) => {
      const look = (): void => (server.received[0] ? resolve([...server.sockets]) : void setImmediate(look));
      look();
    });
    // Written in time, and kept by the kernel until this process goes on.
    socket?.write(answer('{"token":"only"}'));
    const end = Date.now() + 2_300;
    while (Date.now() < end);
    expect(await pending).toMatchObject({ status: 200, text: '{"token":"only"}' });
  });

  it('a request that could not go out while the process stood still never goes out', async () => {
    const server = await serve(answering(answer('{}')));
    const pending = failureOf(http(), { url: server.origin, timeoutMs: 150 });
    const end = Date.now() + 900;
    while (Date.now() < end);
    expect(await pending).toMatchObject({ phase: 'before_first_byte', code: 'timeout', sent: false });
    expect(server.received.join('')).toBe('');
  });

  it('a reset or a close instead of an answer is after the first byte', async () => {
    const reset = await serve((socket) => socket.on('got', () => socket.resetAndDestroy()));
    const close = await serve((socket) => socket.on('got', () => socket.end()));
    const client = http();
    expect(await failureOf(client, { url: reset.origin })).toMatchObject({
      phase: 'after_first_byte',
      code: 'reset',
      sent: true,
    });
    expect(await failureOf(client, { url: close.origin })).toMatchObject({
      phase: 'after_first_byte',
      code: 'reset',
      sent: true,
    });
  });

  it('half an answer is no answer', async () => {
    const half = await serve((socket) =>
      socket.on('got', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"access')),
    );
    expect(await failureOf(http(), { url: half.origin })).toMatchObject({ phase: 'after_first_byte', sent: true });
  });

  it('an answer that is no HTTP is after the first byte, and its bytes are not kept', async () => {
    const strange = await serve((socket) => socket.on('got', () => socket.end('access_token=secret123\r\n\r\n')));
    const error = await failureOf(http(), { url: strange.origin });
    expect(error).toMatchObject({ phase: 'after_first_byte', code: 'bad_response' });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('secret123');
    expect(Object.values(error.cause as object)).toEqual([]);
  });

  it('an abort tells by its moment', async () => {
    const silent = await serve(() => undefined);
    const client = http();
    expect(await failureOf(client, { url: silent.origin, signal: AbortSignal.abort() })).toMatchObject({
      phase: 'before_first_byte',
      code: 'aborted',
      sent: false,
    });
    const controller = new AbortController();
    const pending = client.send({
      method: 'POST',
      url: silent.origin,
      signal: controller.signal,
      onFirstByte: () => setImmediate(() => controller.abort()),
    });
    await expect(pending).rejects.toMatchObject({ phase: 'after_first_byte', code: 'aborted' });
  });

  it('what onFirstByte throws stops the request: nothing reaches the server', async () => {
    const server = await serve(answering(answer('{}')));
    const client = http();
    const late = new Error('too late');
    const pending = client.send({
      method: 'POST',
      url: server.origin,
      body: 'x',
      onFirstByte: () => {
        throw late;
      },
    });
    await expect(pending).rejects.toBe(late);
    await client.send({ method: 'GET', url: `${server.origin}/next` });
    expect(server.received.join('')).not.toContain('POST');
  });

  it('nothing is sent twice, not even when a kept connection is closed at the moment of reuse', async () => {
    let requests = 0;
    const server = await serve((socket) =>
      socket.on('got', () => {
        requests += 1;
        if (requests === 1) socket.write(answer('1'));
        else socket.destroy();
      }),
    );
    const client = http();
    await client.send({ method: 'GET', url: server.origin });
    let firstBytes = 0;
    await expect(
      client.send({ method: 'GET', url: server.origin, onFirstByte: () => (firstBytes += 1) }),
    ).rejects.toMatchObject({ phase: 'after_first_byte' });
    expect([requests, firstBytes]).toEqual([2, 1]);
  });
});

describe('limits and addresses', () => {
  it('a too long answer is cut off', async () => {
    const server = await serve(answering(answer('x'.repeat(5_000))));
    const error = await failureOf(http({ maxResponseBytes: 1_000 }), { url: server.origin });
    expect(error).toMatchObject({ phase: 'after_first_byte', code: 'response_too_large' });
  });

  it('redirects are handed over, not followed', async () => {
    const server = await serve(
      answering('HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n'),
    );
    const response = await http().send({ method: 'GET', url: server.origin });
    expect(response).toMatchObject({ status: 302, headers: { location: 'http://127.0.0.1:1/' } });
    expect(server.received).toHaveLength(1);
  });

  it('answers carry lower-case header names, text and time', async () => {
    const server = await serve(answering(answer('{"ü":1}', 'X-Rate-Limit: 700\r\nVia: a\r\nVia: b\r\n')));
    const before = Date.now();
    const response = await http().send({ method: 'GET', url: server.origin });
    expect(response.headers).toMatchObject({ 'x-rate-limit': '700', via: 'a, b' });
    expect(response.text).toBe('{"ü":1}');
    expect(response.at).toBeGreaterThanOrEqual(before);
  });

  it('a fresh connection is used for one request only', async () => {
    const server = await serve(answering(answer('{}')));
    const client = http();
    for (const freshConnection of [false, false, true, true]) {
      await client.send({ method: 'GET', url: server.origin, freshConnection });
      // undici gives a connection back to its pool a turn after the answer.
      await new Promise(setImmediate);
    }
    expect(server.received).toHaveLength(3);
    expect(server.received[0]?.match(/GET/g)).toHaveLength(2);
    expect(server.received[1]).toMatch(/connection: close/i);
  });

  it.each([
    'https://127.0.0.1:1/',
    'https://[::1]:1/',
    'https://2130706433:1/',
    'https://0x7f.1:1/',
    'https://localhost:1/',
    'https://[::ffff:127.0.0.1]:1/',
    'https://169.254.169.254/latest',
  ])('refuses %s by the address policy, naming the host', async (url) => {
    const client = http({ privateAddresses: NO_PRIVATE_ADDRESSES });
    const refusal = client.send({ method: 'GET', url });
    await expect(refusal).rejects.toMatchObject({ name: 'HawserError', code: 'address_refused' });
    await expect(client.send({ method: 'GET', url })).rejects.toThrow(new URL(url).hostname.replace(/^\[|\]$/g, ''));
  });

  it('refuses plain http and addresses with credentials', async () => {
    const client = http({ privateAddresses: NO_PRIVATE_ADDRESSES });
    await expect(client.send({ method: 'GET', url: 'http://login.salesforce.com/' })).rejects.toMatchObject({
      code: 'address_refused',
    });
    await expect(client.send({ method: 'GET', url: 'https://user:pass@login.salesforce.com/' })).rejects.toMatchObject({
      code: 'bad_request',
    });
  });
});

describe('origin map', () => {
  it("dials the target with the vendor's Host, exempt from the address policy; nothing else is exempt", async () => {
    const server = await serve(answering(answer('{}')));
    const client = http({
      privateAddresses: NO_PRIVATE_ADDRESSES,
      originMap: parseOriginMap(JSON.stringify({ 'https://*.zendesk.com': server.origin })),
    });
    await client.send({ method: 'GET', url: 'https://acme.zendesk.com/api/v2/users/me?include=abilities' });
    expect(server.received[0]).toMatch(/^GET \/api\/v2\/users\/me\?include=abilities HTTP\/1\.1\r\n/);
    expect(server.received[0]).toMatch(/^host: acme\.zendesk\.com\r$/im);
    await expect(client.send({ method: 'GET', url: server.origin })).rejects.toMatchObject({ code: 'address_refused' });
    await expect(client.send({ method: 'GET', url: `https://127.0.0.1:${server.port}/` })).rejects.toMatchObject({
      code: 'address_refused',
    });
  });
});

describe('fetch', () => {
  it('sends forms and hands answers over', async () => {
    const server = await serve(answering('HTTP/1.1 204 No Content\r\nX-Test: yes\r\n\r\n'));
    const response = await http().fetch(server.origin, { method: 'POST', body: new URLSearchParams({ a: 'b c' }) });
    expect([response.status, response.headers.get('x-test'), await response.text()]).toEqual([204, 'yes', '']);
    expect(server.received[0]).toMatch(/content-type: application\/x-www-form-urlencoded/i);
    expect(server.received[0]).toMatch(/a=b\+c$/);
  });
});
