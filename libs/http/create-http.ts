/** The only socket out (docs/decisions.md, "Walls"): time-outs, size limit, address policy, origin map. No retries, no redirects. */
import { Agent, buildConnector } from 'undici';
import { HawserError } from '#domain/errors.js';
import { mapOrigin, type OriginMap } from '#domain/origin-map.js';
import { sendRequest } from './send-request.js';
import { fetchOverSend } from './fetch-over-send.js';
import { guardedConnector } from './guarded-connector.js';
import type { Http, HttpRequest, HttpResponse } from './http.js';
import type { Endpoint } from './own-endpoints.js';
import { NO_PRIVATE_ADDRESSES, type PrivateAddresses } from './private-addresses.js';
import { describeTarget, TransportError } from './transport-error.js';

export interface HttpOptions {
  originMap: OriginMap;
  /** Private addresses (and plain http) that the operator lets through, for self-hosted apps. Default: none. */
  privateAddresses?: PrivateAddresses;
  /** The stack's own servers: never dialled at a private address. */
  own?: readonly Endpoint[];
  /** Default 10 s, TLS handshake included. */
  connectTimeoutMs?: number;
  /** Default 30 s: from the call to the last byte of the answer. */
  timeoutMs?: number;
  /** Default 5 MB. */
  maxResponseBytes?: number;
  /** Stamps answers (epoch ms). Default: this machine's clock. */
  now?: () => number;
}

/** Makes the only socket out. */
export function createHttp(options: HttpOptions): Http {
  const {
    originMap,
    privateAddresses = NO_PRIVATE_ADDRESSES,
    own = [],
    connectTimeoutMs = 10_000,
    timeoutMs = 30_000,
    maxResponseBytes = 5_000_000,
    now = Date.now,
  } = options;
  const free = buildConnector({ timeout: connectTimeoutMs });
  const guarded = guardedConnector({ connectTimeoutMs, privateAddresses, own });
  // Mapped origins have agents of their own: a vendor host that points at a mapped target by itself stays under the policy.
  const agents = {
    direct: new Agent({ connect: guarded, connections: 64 }),
    mapped: new Agent({ connect: free, connections: 64 }),
    // pipelining 0 = "Connection: close": each request has a socket of its own.
    directFresh: new Agent({ connect: guarded, pipelining: 0, connections: 64 }),
    mappedFresh: new Agent({ connect: free, pipelining: 0, connections: 64 }),
  };

  const send = async (request: HttpRequest): Promise<HttpResponse> => {
    const url = parseUrl(request);
    const mapped = mapOrigin(originMap, url);
    if (!mapped) refusePlainHttp(url, privateAddresses);
    const target = mapped ?? url;
    const [kept, fresh] = mapped ? [agents.mapped, agents.mappedFresh] : [agents.direct, agents.directFresh];
    return sendRequest({
      dispatcher: request.freshConnection ? fresh : kept,
      origin: target.origin,
      path: `${target.pathname}${target.search}`,
      method: request.method.toUpperCase(),
      // The vendor's own Host: emulators tell their instances apart by it, and absolute addresses are built from it.
      headers: {
        'user-agent': 'hawser',
        ...lowerCased(request.headers),
        host: url.host,
        'accept-encoding': 'identity',
      },
      body: request.body ?? null,
      timeoutMs: request.timeoutMs ?? timeoutMs,
      maxResponseBytes: request.maxResponseBytes ?? maxResponseBytes,
      signal: request.signal,
      onFirstByte: request.onFirstByte,
      now,
      label: describeTarget(request.method, url),
    });
  };

  const close = async (): Promise<void> => {
    await Promise.all(Object.values(agents).map((agent) => agent.destroy()));
  };
  return { send, fetch: fetchOverSend(send), now, close };
}

function parseUrl(request: HttpRequest): URL {
  const url = URL.canParse(request.url) ? new URL(request.url) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new TransportError(
      'before_first_byte',
      'bad_request',
      'The address of the request is no absolute http(s) address without user and password.',
    );
  }
  return url;
}

/** A token must not travel in the clear (RFC 6749 section 1.6, RFC 6750 section 5.3). */
function refusePlainHttp(url: URL, privateAddresses: PrivateAddresses): void {
  if (url.protocol === 'https:' || privateAddresses.allowsPlainHttp(url)) return;
  throw new HawserError('address_refused', `The address http://${url.host} is not encrypted; only https is dialled.`);
}

function lowerCased(headers: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
