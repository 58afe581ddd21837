import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { rememberUrl, notesOf } from '../core/request-notes.js';
import { addJsonParser } from '../core/json-parser.js';
import { addServerHooks } from '../core/server-hooks.js';
import { notFound, SalesforceError } from './api-error.js';
import { addAuthorizeRoutes } from './authorize-routes.js';
import { addCompositeRoutes } from './composite-routes.js';
import { addCollectionRoutes } from './collection-routes.js';
import { addDataRoutes, requireVersion } from './data-routes.js';
import { addIdentityRoutes } from './identity-routes.js';
import { addQueryRoutes } from './query-routes.js';
import { limitHeader } from './quota.js';
import { addRecordRoutes } from './record-routes.js';
import { addSoapRoutes } from './soap-routes.js';
import { addTokenRoute } from './token-route.js';
import type { Site } from './site.js';

/** What a body that cannot be read, a wrong method and so on become in the API's words. */
function asSalesforceError(error: FastifyError): SalesforceError {
  if (error.statusCode === 415) return new SalesforceError(415, 'UNSUPPORTED_MEDIA_TYPE', 'Content type not supported');
  if (error.statusCode === 413) return new SalesforceError(413, 'REQUEST_ENTITY_TOO_LARGE', 'Request entity too large');
  if (error.statusCode !== undefined && error.statusCode < 500)
    return new SalesforceError(400, 'JSON_PARSER_ERROR', error.message);
  return new SalesforceError(500, 'UNKNOWN_EXCEPTION', `An unexpected error occurred. (${error.message})`);
}

function sendError(error: FastifyError | SalesforceError, reply: FastifyReply): FastifyReply {
  const known = error instanceof SalesforceError ? error : asSalesforceError(error);
  // A promise or stream must never end here silently: an emulator's own fault should be seen by whoever runs it.
  if (known.status === 500) process.stderr.write(`salesforce emulator: ${error.stack ?? error.message}\n`);
  return reply.code(known.status).headers(known.headers).send(known.rows);
}

const methodsOf: [RegExp, string][] = [
  [/^\/services\/data\/v[\d.]+\/sobjects\/\w+$/, 'GET,HEAD,POST'],
  [/^\/services\/data\/v[\d.]+\/sobjects\/\w+\/\w{15,18}$/, 'GET,HEAD,PATCH,DELETE'],
  [/^\/services\/data\/v[\d.]+\/(query|queryAll|limits|sobjects)$/, 'GET,HEAD'],
];

function unknownPath(request: FastifyRequest): SalesforceError {
  const path = request.url.split('?')[0] ?? '';
  const allowed = methodsOf.find(([shape]) => shape.test(path))?.[1];
  if (!allowed) return notFound();
  return new SalesforceError(
    405,
    'METHOD_NOT_ALLOWED',
    `HTTP Method '${request.method}' not allowed. Allowed are ${allowed}`,
    undefined,
    { allow: allowed },
  );
}

function addDataHooks(server: FastifyInstance, site: Site): void {
  server.addHook('preHandler', async (request: FastifyRequest) => {
    const version = (request.params as { version?: string } | undefined)?.version;
    if (version !== undefined) requireVersion(version);
  });
  server.addHook('onSend', async (request, reply, payload) => {
    if (
      /^\/services\/data\/v/.test(request.url) &&
      notesOf(request).username &&
      !reply.hasHeader('sforce-limit-info')
    ) {
      reply.header('sforce-limit-info', limitHeader(site.org));
    }
    if (reply.getHeader('content-type') === 'application/json; charset=utf-8')
      reply.type('application/json;charset=UTF-8');
    return payload;
  });
}

/** One Salesforce host. Login and instance hosts differ in their address only: My Domain serves the login too. */
export async function salesforceServer(site: Site): Promise<FastifyInstance> {
  const server = Fastify({
    bodyLimit: 50 * 1_048_576,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 1_000 },
    rewriteUrl: (raw) => {
      rememberUrl(raw, raw.url ?? '/');
      return raw.url ?? '/';
    },
  });
  await server.register(cookie);
  await server.register(formbody);
  addJsonParser(server);
  server.setErrorHandler((error: FastifyError, _, reply) => sendError(error, reply));
  server.setNotFoundHandler(async (request, reply) => sendError(unknownPath(request), reply));
  addServerHooks(server, site.world, site.org);
  addDataHooks(server, site);
  addAuthorizeRoutes(server, site);
  addTokenRoute(server, site);
  addIdentityRoutes(server, site);
  addDataRoutes(server, site);
  addQueryRoutes(server, site, new Map());
  addRecordRoutes(server, site);
  addCollectionRoutes(server, site);
  addCompositeRoutes(server, site);
  addSoapRoutes(server, site);
  return server;
}
