import { createHash } from 'node:crypto';
import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify';
import { rememberUrl } from '../core/request-notes.js';
import { randomHex } from '../core/random-text.js';
import { addJsonParser } from '../core/json-parser.js';
import { addServerHooks } from '../core/server-hooks.js';
import { ZendeskError } from './api-error.js';
import { addAuthorizeRoutes } from './authorize-routes.js';
import { addBulkRoutes } from './bulk-routes.js';
import { addOauthTokenRoutes } from './oauth-token-routes.js';
import { addOrganizationFieldRoutes } from './organization-fields.js';
import { addOrganizationRoutes } from './organization-routes.js';
import { setRateHeaders } from './rate-limit.js';
import { addSearchRoutes } from './search-routes.js';
import type { Site } from './site.js';
import { addTicketFieldRoutes } from './ticket-fields.js';
import { addTicketRoutes } from './ticket-routes.js';
import { addTokenRoute } from './token-route.js';
import { addUserRoutes } from './user-routes.js';

function asZendeskError(error: FastifyError): ZendeskError {
  const status = error.statusCode ?? 500;
  if (status === 413)
    return new ZendeskError(413, { error: 'PayloadTooLarge', description: 'Request entity too large' });
  if (status === 415) return new ZendeskError(415, { error: 'UnsupportedMediaType', description: error.message });
  if (status < 500)
    return new ZendeskError(400, {
      error: 'BadRequest',
      description: `The request could not be understood: ${error.message}`,
    });
  return new ZendeskError(500, { error: 'InternalError', description: 'We are sorry, but something went wrong.' });
}

function sendError(error: FastifyError | ZendeskError, reply: FastifyReply): FastifyReply {
  const known = error instanceof ZendeskError ? error : asZendeskError(error);
  if (known.status === 500) process.stderr.write(`zendesk emulator: ${error.stack ?? error.message}\n`);
  return reply.code(known.status).headers(known.headers).send(known.body);
}

/** Every path of the API also answers with `.json`. */
function withoutJson(url: string): string {
  return url.startsWith('/api/v2') ? url.replace(/\.json(?=$|\?)/, '') : url;
}

function addHeaders(server: FastifyInstance, site: Site): void {
  server.addHook('onSend', async (request, reply, payload) => {
    reply.header('x-request-id', randomHex(32));
    if (!request.url.startsWith('/api/v2')) return payload;
    setRateHeaders(site.org, reply);
    reply.header('x-zendesk-api-version', 'v2').header('x-zendesk-origin-server', 'emulator');
    if (reply.statusCode === 200 && typeof payload === 'string') {
      reply
        .header('etag', `W/"${createHash('md5').update(payload).digest('hex')}"`)
        .header('cache-control', 'max-age=0, private, must-revalidate');
    }
    return payload;
  });
}

/** One Zendesk account: a subdomain. */
export async function zendeskServer(site: Site): Promise<FastifyInstance> {
  const server = Fastify({
    bodyLimit: 8 * 1_048_576,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 500 },
    rewriteUrl: (raw) => {
      rememberUrl(raw, raw.url ?? '/');
      return withoutJson(raw.url ?? '/');
    },
  });
  await server.register(cookie);
  await server.register(formbody);
  addJsonParser(server);
  server.setErrorHandler((error: FastifyError, _, reply) => sendError(error, reply));
  server.setNotFoundHandler(async (_, reply) =>
    sendError(new ZendeskError(404, { error: 'InvalidEndpoint', description: 'Not found' }), reply),
  );
  addServerHooks(server, site.world, site.org);
  addHeaders(server, site);
  addAuthorizeRoutes(server, site);
  addTokenRoute(server, site);
  addOauthTokenRoutes(server, site);
  addUserRoutes(server, site);
  addOrganizationRoutes(server, site);
  addBulkRoutes(server, site);
  addOrganizationFieldRoutes(server, site);
  addTicketRoutes(server, site);
  addTicketFieldRoutes(server, site);
  addSearchRoutes(server, site);
  return server;
}
