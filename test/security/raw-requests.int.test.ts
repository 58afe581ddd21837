/** Bytes that are no proper HTTP request: each is answered with one clean 4xx, the connection is closed, and the gateway goes on. */
import { connect } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { buildGateway } from '../../apps/gateway/build-gateway.js';
import { countPassed } from '../support/count-passed.js';
import { fakeServices, TEST_KEY } from '../../apps/gateway/testing/fake-services.js';

let app: NestFastifyApplication;
let port: number;
const { services, failures, writes } = fakeServices();
beforeAll(async () => {
  app = await buildGateway(services);
  await app.listen(0, '127.0.0.1');
  ({ port } = app.getHttpServer().address() as { port: number });
});
afterAll(() => app.close());

/** Sends the bytes and reads until the server has closed the connection. */
function raw(bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => (received += chunk.toString('latin1')));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' ? resolve(received) : reject(error),
    );
    socket.on('close', () => resolve(received));
  });
}

const head = (first: string, ...headers: string[]): string =>
  [first, 'Host: 127.0.0.1', `Authorization: Bearer ${TEST_KEY}`, ...headers, '', ''].join('\r\n');
const post = (headers: string[], body: string): string =>
  head('POST /v1/connections HTTP/1.1', 'Content-Type: application/json', ...headers) + body;
const smuggled = `GET /v1/connectors HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${TEST_KEY}\r\n\r\n`;

const MALFORMED: [string, string | Buffer][] = [
  ['garbage', 'what is this\r\n\r\n'],
  ['binary garbage', Buffer.from([0x16, 0x03, 0x01, 0x00, 0xff, 0x00, 0x01, 0xfe, 0x0d, 0x0a, 0x0d, 0x0a])],
  ['a TLS hello', Buffer.concat([Buffer.from('160301007a0100007603', 'hex'), Buffer.alloc(120, 1)])],
  ['an unknown method', head('STEAL / HTTP/1.1')],
  ['another protocol', head('GET / RTSP/1.0')],
  ['a version of the future', head('GET / HTTP/9.9')],
  ['a line that is too long', head(`GET /${'a'.repeat(40_000)} HTTP/1.1`)],
  ['headers that are too long', head('GET / HTTP/1.1', `X-Long: ${'a'.repeat(40_000)}`)],
  ['two different lengths', post(['Content-Length: 2', 'Content-Length: 3'], '{}')],
  ['the same length twice', post(['Content-Length: 2', 'Content-Length: 2'], '{}')],
  ['a list of lengths', post(['Content-Length: 2, 3'], '{}')],
  ['a negative length', post(['Content-Length: -2'], '{}')],
  ['a signed length', post(['Content-Length: +2'], '{}')],
  ['a hexadecimal length', post(['Content-Length: 0x2'], '{}')],
  ['length and chunks (CL.TE)', post(['Content-Length: 4', 'Transfer-Encoding: chunked'], `0\r\n\r\n${smuggled}`)],
  ['chunks and length (TE.CL)', post(['Transfer-Encoding: chunked', 'Content-Length: 4'], `0\r\n\r\n${smuggled}`)],
  ['two transfer encodings', post(['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'], '0\r\n\r\n')],
  ['an unknown transfer encoding', post(['Transfer-Encoding: xchunked'], '0\r\n\r\n')],
  ['chunked and something after it', post(['Transfer-Encoding: chunked, identity'], '0\r\n\r\n')],
  ['a transfer encoding behind a tab', post(['Transfer-Encoding:\tchunked\t,x'], '0\r\n\r\n')],
  ['white space before the colon', post(['Content-Length : 2'], '{}')],
  ['a folded header', post(['X-A: b\r\n c', 'Content-Length: 2'], '{}')],
  ['a bare line feed in a header', post(['X-A: b\nContent-Length: 2'], '{}')],
  ['a NUL in a header', post(['X-A: b\u0000c', 'Content-Length: 2'], '{}')],
  ['a chunk size that is none', post(['Transfer-Encoding: chunked'], 'zz\r\n{}\r\n0\r\n\r\n')],
  ['a huge chunk size', post(['Transfer-Encoding: chunked'], 'fffffffffffffffff\r\n{}\r\n0\r\n\r\n')],
  ['a space in the path', head('GET /v1/connectors /x HTTP/1.1')],
  ['no Host', 'GET /v1/connectors HTTP/1.1\r\n\r\n'],
  ['two Hosts', head('GET /v1/connectors HTTP/1.1', 'Host: evil.example')],
];

const malformedPassed = countPassed('malformed-requests', MALFORMED.length);

test.each(MALFORMED)('%s', async (_, bytes) => {
  const answer = await raw(bytes);
  expect(answer.match(/^HTTP\/1\.1 \d{3}/gm)).toHaveLength(1);
  expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
  expect(answer).toMatch(/^connection: close\r$/im);
  expect(answer).toMatch(/^content-type: application\/problem\+json/im);
  const [, body = ''] = /\r\n\r\n([\s\S]*)$/.exec(answer) ?? [];
  const problem = JSON.parse(body) as Record<string, unknown>;
  expect(problem).toMatchObject({
    status: Number(answer.slice(9, 12)),
    code: expect.any(String),
    detail: expect.any(String),
    instance: expect.stringMatching(/^urn:hawser:request:/),
  });
  // Nothing of the request comes back.
  expect(body).not.toMatch(/hk_|evil|steal|aaaa/i);
  expect({ failures, writes }).toEqual({ failures: [], writes: [] });
  malformedPassed();
});

const ODD: [string, string][] = [
  ['an expectation that nobody meets', post(['Expect: miracles', 'Content-Length: 2', 'Connection: close'], '{}')],
  ['CONNECT', head('CONNECT evil.example:443 HTTP/1.1')],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['OPTIONS of everything', head('OPTIONS * HTTP/1.1', 'Connection: close')],
  ['TRACE', head('TRACE /v1/connectors HTTP/1.1', 'Connection: close')],
  ['an absolute address of another host', head('GET http://evil.example/v1/connectors HTTP/1.1', 'Connection: close')],
  ['an upgrade', head('GET /v1/nothing HTTP/1.1', 'Connection: upgrade, close', 'Upgrade: websocket')],
  ['a path of dots', head('GET /v1/connections/../../health/live HTTP/1.1', 'Connection: close')],
  ['an encoded path of dots', head('GET /v1/connections/%2e%2e/%2e%2e/health/live HTTP/1.1', 'Connection: close')],
  ['a second slash', head('GET //v1/connectors HTTP/1.1', 'Connection: close')],
  [
    'another method by a header',
    head('GET /v1/nothing HTTP/1.1', 'X-HTTP-Method-Override: DELETE', 'Connection: close'),
  ],
];

test.each(ODD)('%s: refused, or not even answered', async (_, bytes) => {
  const answer = await raw(bytes);
  expect(answer.match(/^HTTP\/1\.1 \d{3}/gm) ?? []).toEqual(answer === '' ? [] : [expect.stringMatching(/ 4\d\d$/)]);
  expect(answer).not.toMatch(/hk_|evil|miracles/);
  expect({ failures, writes }).toEqual({ failures: [], writes: [] });
});

test('garbage behind a good request is never taken for the answer to it', async () => {
  const answers = (await raw(`${smuggled}garbage\r\n\r\n`)).match(/^HTTP\/1\.1 \d{3}/gm) ?? [];
  expect(['HTTP/1.1 200', undefined]).toContain(answers[0]);
});

test('after all of them it answers as before', async () => {
  expect(await raw(head('GET /v1/connectors HTTP/1.1', 'Connection: close'))).toMatch(/^HTTP\/1\.1 200 /);
});
