/** What every request passes before its body is read: Host, API key, rate. In this order, each cheaper than the next. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { sendPage } from '../consent/html.js';
import { ProblemError } from '../problems/problem-error.js';
import { hashApiKey, readBearerKey } from './api-key.js';
import { callerAddress } from './caller-address.js';
import { asksForHomePage, homePage } from './home-page.js';
import { isHostAllowed } from './host-check.js';
import type { KeyDoor } from './key-door.js';
import { needsNoKey } from './open-paths.js';
import { takeTurn, type RateLimit } from './rate-limit.js';

export interface RequestGuards {
  hosts: ReadonlySet<string>;
  /** Of pages and documents that need no key, by address: nothing that is sent with a key counts here. */
  pages: RateLimit;
  keys: KeyDoor;
}

export function installHooks(fastify: FastifyInstance, guards: RequestGuards): void {
  fastify.addHook('onRequest', async (request, reply) => {
    const asked = hostsOf(request.raw);
    // Two Host headers: each of the servers on the way may believe another one (RFC 9112 section 3.2).
    if (
      asked.headers.length !== 1 ||
      ![...asked.headers, ...asked.target].every((host) => isHostAllowed(guards.hosts, host))
    ) {
      void reply.header('connection', 'close');
      throw new ProblemError('host_refused', 'The Host header is not one that this gateway answers to.', {
        cure: 'Use the public address (HAWSER_PUBLIC_URL), or add the name to HAWSER_HOSTS.',
      });
    }
    if (asksForHomePage(request)) {
      takeTurn(guards.pages, callerAddress(request.ip), Date.now());
      sendPage(reply, 200, homePage);
      return reply;
    }
    if (needsNoKey(request.url)) {
      // Health is asked often and costs nothing that could be exhausted.
      if (!request.url.startsWith('/health/')) takeTurn(guards.pages, callerAddress(request.ip), Date.now());
      return undefined;
    }
    const key = readBearerKey(request.headers.authorization);
    if (key === null) {
      guards.keys.turnAway(callerAddress(request.ip), Date.now());
      throw unauthenticated(
        request.headers.authorization === undefined
          ? 'The Authorization header is missing.'
          : 'The Authorization header has no well-formed API key.',
      );
    }
    const workspaceId = await guards.keys.admit(hashApiKey(key), callerAddress(request.ip), Date.now());
    if (workspaceId === null) throw unauthenticated('The API key is not known.');
    request.workspaceId = workspaceId;
    return undefined;
  });
}

/** Every Host header, and the host of an absolute request target, which counts for more (RFC 9112 section 3.2.2). */
function hostsOf({ rawHeaders, url = '' }: FastifyRequest['raw']): { headers: string[]; target: string[] } {
  const headers = rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'host');
  const absolute = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(url)?.[1];
  return { headers, target: absolute === undefined ? [] : [absolute] };
}

function unauthenticated(detail: string): ProblemError {
  return new ProblemError('unauthenticated', detail, {
    cure: 'Send `Authorization: Bearer hk_...`; `npm run workspace -- create` makes a key.',
  });
}
