/**
 * The codec endpoint: lets the Temporal Web UI decode and encode payloads (https://docs.temporal.io/codec-server). It opens no credential, yet it is a
 * decryption oracle for state: own port on loopback, a random token in the path, Host and Origin checked.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Payload, PayloadCodec } from '@temporalio/common';

const HOST = '127.0.0.1';
const MAX_BODY = 1_048_576;

export interface CodecServerOptions {
  codec: PayloadCodec;
  /** Port to listen on, on 127.0.0.1; 0 = any free one. */
  port?: number;
  /**
   * Instead of a port: a Unix socket in a folder of mode 0700, that is not there yet. Then the file system keeps others out, so there is no token; the door before
   * it (`scripts/stack/ui-proxy.mjs`) looks at the Host.
   */
  socket?: string;
  /** Where the Temporal Web UI is, such as `http://127.0.0.1:8233`. Only its pages may ask; on loopback also by the name localhost. */
  uiOrigin: string;
  /** Random part of the path; made when absent. */
  token?: string;
}

export interface CodecServer {
  /** What the Web UI is told: `http://127.0.0.1:<port>/<token>`; of a socket its path. */
  endpoint: string;
  close(): Promise<void>;
}

/** Payload as JSON: the protobuf JSON form, bytes in base64. */
interface WirePayload {
  metadata?: Record<string, string>;
  data?: string;
}

/** A refusal with its HTTP status; its text says nothing about the content. */
class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Starts the endpoint. @throws The listen error (port taken). */
export async function startCodecServer({
  codec,
  port = 0,
  socket,
  uiOrigin,
  token = randomBytes(24).toString('base64url'),
}: CodecServerOptions): Promise<CodecServer> {
  const origins = originsOf(uiOrigin);
  const server = createServer((request, response) => {
    void answer(request, response, codec, origins, socket === undefined ? token : null).catch((error: unknown) => {
      // No details of other errors: they could quote a payload.
      const [status, text] =
        error instanceof Refused ? [error.status, error.message] : [500, 'The payloads cannot be processed.'];
      send(response, status, { error: text });
    });
  });
  server.requestTimeout = 10_000;
  server.headersTimeout = 5_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    if (socket === undefined) return void server.listen(port, HOST, resolve);
    server.listen(socket, resolve);
  });
  const endpoint = socket ?? `http://${HOST}:${portOf(server)}/${token}`;
  return { endpoint, close: () => closeServer(server) };
}

/** A person may have opened the Web UI by either name of this machine. */
function originsOf(uiOrigin: string): Set<string> {
  const { origin, hostname, port, protocol } = new URL(uiOrigin);
  if (hostname !== '127.0.0.1' && hostname !== 'localhost') return new Set([origin]);
  return new Set(['127.0.0.1', 'localhost'].map((name) => `${protocol}//${name}${port ? `:${port}` : ''}`));
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  codec: PayloadCodec,
  origins: Set<string>,
  token: string | null,
): Promise<void> {
  if (token !== null) checkHost(request);
  const origin = request.headers.origin;
  // Browsers name their origin; the CLI sends none.
  if (origin !== undefined && !origins.has(origin)) throw new Refused(403, 'This origin may not ask.');
  if (origin !== undefined) allowOrigin(response, origin);
  const action = actionOf(request.url ?? '', token);
  if (request.method === 'OPTIONS') return void response.writeHead(204).end();
  if (request.method !== 'POST') throw new Refused(405, 'Only POST is answered.');
  // A page cannot send this type across origins without asking first.
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? ''))
    throw new Refused(415, 'The body must be application/json.');
  const payloads = parsePayloads(await readBody(request));
  const result = await (action === 'decode' ? codec.decode(payloads) : codec.encode(payloads));
  send(response, 200, { payloads: result.map(toWire) });
}

/** A rebound DNS name would carry its own name in Host (DNS rebinding). */
function checkHost(request: IncomingMessage): void {
  const port = request.socket.localPort;
  const host = request.headers.host;
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`)
    throw new Refused(421, 'This host is not served here.');
}

function allowOrigin(response: ServerResponse, origin: string): void {
  response.setHeader('Access-Control-Allow-Origin', origin);
  response.setHeader('Vary', 'Origin');
  response.setHeader('Access-Control-Allow-Methods', 'POST, OPTIONS');
  response.setHeader('Access-Control-Allow-Headers', 'content-type, x-namespace, authorization, authorization-extras');
  response.setHeader('Access-Control-Allow-Credentials', 'true');
}

function actionOf(url: string, token: string | null): 'decode' | 'encode' {
  const parts = (url.split('?')[0] ?? '').split('/').slice(1);
  const given = token === null ? '' : (parts.shift() ?? '');
  const [action] = parts;
  const sameToken =
    token === null || (given.length === token.length && timingSafeEqual(Buffer.from(given), Buffer.from(token)));
  if (!sameToken || (action !== 'decode' && action !== 'encode')) throw new Refused(404, 'There is nothing here.');
  return action;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY) throw new Refused(413, 'The body is over 1 MB.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsePayloads(body: string): Payload[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    throw new Refused(400, 'The body is not JSON.');
  }
  const payloads = (parsed as { payloads?: unknown } | null)?.payloads;
  if (!Array.isArray(payloads)) throw new Refused(400, 'The body must be {"payloads": [...]}.');
  return payloads.map(fromWire);
}

function fromWire(wire: WirePayload | null): Payload {
  const sound =
    wire && typeof wire === 'object' && Object.values(wire.metadata ?? {}).every((value) => typeof value === 'string');
  if (!sound || !['string', 'undefined'].includes(typeof wire.data))
    throw new Refused(400, 'A payload is not of the form {metadata, data}.');
  const metadata = Object.entries(wire.metadata ?? {}).map(
    ([key, value]) => [key, Buffer.from(value, 'base64')] as const,
  );
  return { metadata: Object.fromEntries(metadata), data: Buffer.from(wire.data ?? '', 'base64') };
}

function toWire({ metadata, data }: Payload): WirePayload {
  const entries = Object.entries(metadata ?? {}).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  return {
    metadata: Object.fromEntries(entries) as Record<string, string>,
    data: Buffer.from(data ?? []).toString('base64'),
  };
}

function send(response: ServerResponse, status: number, body: object): void {
  if (response.headersSent) return;
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
    ...(status === 413 ? { Connection: 'close' } : {}),
  });
  response.end(JSON.stringify(body));
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())));
}
