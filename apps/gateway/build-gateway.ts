/** Puts the gateway together over its services. Listens to nothing yet: tests use `inject`. */
import { randomUUID } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { OpenStreams } from './events/open-streams.js';
import { GatewayModule } from './gateway.module.js';
import { answerMalformed } from './http/answer-malformed.js';
import { Drain } from './http/drain.js';
import { allowedHosts } from './http/host-check.js';
import { installHooks } from './http/install-hooks.js';
import { KeyDoor } from './http/key-door.js';
import { BODY_LIMIT_BYTES, registerBodyParsers } from './http/json-body.js';
import { createRateLimit } from './http/rate-limit.js';
import { noteActs } from './events/note-acts.js';
import { refuseOtherMethods } from './http/refuse-other-methods.js';
import { addSecurityHeaders } from './http/security-headers.js';
import { withoutTrailingSlash } from './http/without-trailing-slash.js';
import { buildDocument } from './openapi/build-document.js';
import type { GatewayServices } from './ports.js';
import { sendProblem } from './problems/send-problem.js';

const VERSION = '0.1.0';
/** Longer ids are no ids of ours; the router's own default (100) would be too short for job ids. */
const MAX_PARAM_LENGTH = 400;

/** A request must have arrived whole by then: slow senders hold connections. The longest answer is not counted. */
const REQUEST_MS = 60_000;

export async function buildGateway(services: GatewayServices, drain = new Drain()): Promise<NestFastifyApplication> {
  const { config, log } = services;
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    rewriteUrl: ({ url = '/' }) => withoutTrailingSlash(url),
    // A missing Host is told by our own check, in a problem document.
    http: { requireHostHeader: false },
    // Whose X-Forwarded-For is believed; nobody's unless set: anyone can write that header.
    trustProxy: config.trustedProxies.length > 0 ? config.trustedProxies : false,
    requestTimeout: REQUEST_MS,
    clientErrorHandler: answerMalformed,
    // What comes while it closes is refused by the drain, in our words.
    return503OnClosing: false,
    // The router's own failures (malformed URL) come before any hook.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(request, reply, error, log),
  });
  const app = await NestFactory.create<NestFastifyApplication>(GatewayModule.over(services), adapter, {
    bodyParser: false,
    logger: ['error', 'warn'],
    abortOnError: false,
  });
  const fastify = adapter.getInstance() as unknown as FastifyInstance;
  registerBodyParsers(fastify);
  addSecurityHeaders(fastify, config.publicUrl);
  drain.install(fastify);
  installHooks(fastify, {
    hosts: allowedHosts(config.publicUrl, config.hosts),
    pages: createRateLimit(config.rateLimit),
    keys: new KeyDoor(
      {
        find: async (hash) => (await services.store.apiKeys.findByHash(hash))?.workspaceId ?? null,
        list: () => services.store.apiKeys.listHashes(),
      },
      config.rateLimit,
    ),
  });
  refuseOtherMethods(fastify);
  noteActs(fastify, services.eventLog);
  const document = buildDocument(config.publicUrl, VERSION);
  fastify.get('/openapi.json', async (_request, reply) => reply.send(document));
  SwaggerModule.setup('docs', app, document as never, {
    raw: false,
    customSiteTitle: 'Hawser API',
    swaggerOptions: { validatorUrl: null },
  });
  await app.init();
  drain.ended.addEventListener('abort', () => app.get(OpenStreams).stop());
  await fastify.ready();
  return app;
}
