import { request as httpRequest } from 'node:http';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { startCodecServer, type CodecServer } from './codec-server.js';
import { createPayloadCodec } from './payload-codec.js';
import { generatePayloadKey } from './payload-keyring.js';

const UI = 'http://127.0.0.1:8233';
const codec = createPayloadCodec({ keyring: { keys: [generatePayloadKey()] } });
let server: CodecServer;

beforeAll(async () => {
  server = await startCodecServer({ codec, port: 0, uiOrigin: UI });
});
afterAll(() => server.close());

const toWire = ({ metadata, data }: Payload) => ({
  metadata: Object.fromEntries(
    Object.entries(metadata ?? {}).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
  ),
  data: Buffer.from(data ?? []).toString('base64'),
});
const plain = (value: unknown) => toWire(defaultPayloadConverter.toPayload(value)!);

interface Call {
  path?: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** node:http and not fetch: fetch does not let a test set Host. */
function call({ path = '/decode', method = 'POST', headers = {}, body = '' }: Call) {
  const url = new URL(`${server.endpoint}${path}`);
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; text: string }>((resolve, reject) => {
    const request = httpRequest(
      url,
      { method, headers: { 'content-type': 'application/json', ...headers } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode!, headers: response.headers, text: Buffer.concat(chunks).toString() }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

describe('the codec endpoint', () => {
  it('encodes and decodes for the Web UI, in order, and lets unknown encodings pass', async () => {
    const values = [{ state: 'connected' }, 'b', null];
    const encoded = await call({
      path: '/encode',
      headers: { origin: UI },
      body: JSON.stringify({ payloads: values.map(plain) }),
    });
    expect(encoded.status).toBe(200);
    expect(encoded.text).not.toContain(plain(values[0]).data);
    const { payloads } = JSON.parse(encoded.text) as { payloads: unknown[] };
    const mixed = [payloads[0], plain('already plain'), payloads[1], payloads[2]];
    const decoded = await call({ headers: { origin: UI }, body: JSON.stringify({ payloads: mixed }) });
    expect(JSON.parse(decoded.text)).toEqual({
      payloads: [plain(values[0]), plain('already plain'), plain('b'), plain(null)],
    });
  });

  it.each([UI, 'http://localhost:8233'])('answers the preflight of %s with exactly that origin', async (origin) => {
    const { status, headers } = await call({
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
    expect(status).toBe(204);
    expect(headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-headers': expect.stringContaining('x-namespace') as string,
    });
  });

  it.each<[string, number, Call]>([
    ['another origin', 403, { headers: { origin: 'http://evil.example' } }],
    ['another port of this machine', 403, { headers: { origin: 'http://127.0.0.1:9999' } }],
    ['the origin null', 403, { headers: { origin: 'null' } }],
    ['a preflight of another origin', 403, { method: 'OPTIONS', headers: { origin: 'https://127.0.0.1:8233' } }],
    ['a rebound host', 421, { headers: { host: 'evil.example' } }],
    ['GET', 405, { method: 'GET' }],
    ['a form', 415, { headers: { 'content-type': 'text/plain' }, body: '{"payloads":[]}' }],
    ['another action', 404, { path: '/download' }],
    ['a body that is no JSON', 400, { body: 'x' }],
    ['a body without payloads', 400, { body: '{}' }],
    ['a payload of another form', 400, { body: '{"payloads":[{"data":5}]}' }],
    ['more than 1 MB', 413, { body: JSON.stringify({ payloads: [{ data: 'A'.repeat(1_100_000) }] }) }],
  ])('refuses %s', async (_name, status, wish) => {
    const answer = await call(wish);
    expect(answer.status).toBe(status);
    if (wish.headers?.['origin']) expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('refuses a wrong token', async () => {
    const url = new URL(server.endpoint);
    const answer = await fetch(`${url.origin}/${'x'.repeat(url.pathname.length - 1)}/decode`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.status).toBe(404);
  });

  it('says nothing about a payload that it cannot open', async () => {
    const [foreign] = await createPayloadCodec({ keyring: { keys: [generatePayloadKey()] } }).encode([
      defaultPayloadConverter.toPayload('x')!,
    ]);
    const answer = await call({ body: JSON.stringify({ payloads: [toWire(foreign!)] }) });
    expect(answer).toMatchObject({ status: 500, text: '{"error":"The payloads cannot be processed."}' });
  });
});
