import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Org } from './org.js';
import { askedUrl, notesOf } from './request-notes.js';
import { forLog } from './redact.js';
import type { World } from './world.js';

function grantTypeOf(request: FastifyRequest): string | null {
  const body = request.body;
  if (typeof body !== 'object' || body === null) return null;
  const value = (body as Record<string, unknown>).grant_type;
  return typeof value === 'string' ? value : null;
}

function pathOf(request: FastifyRequest): string {
  return askedUrl(request).split('?')[0] ?? '/';
}

function writeLog(world: World, org: Org, request: FastifyRequest, status: number): void {
  const notes = notesOf(request);
  if (notes.logged) return;
  notes.logged = true;
  const entry = world.log.add({
    at: new Date(org.now()).toISOString(),
    app: org.app,
    org: org.name,
    host: request.headers.host ?? '',
    method: request.method,
    path: pathOf(request),
    query: forLog(request.query, world.secrets) as Record<string, unknown>,
    body: forLog(request.body, world.secrets),
    status,
    username: notes.username,
    clientId: notes.clientId,
    grantType: grantTypeOf(request),
    faultId: notes.fault?.id ?? null,
    userAgent: request.headers['user-agent'] ?? null,
    didWork: notes.didWork,
    accepted: notes.accepted,
    tokenCall: notes.tokenCall,
    revoked: notes.revoked,
  });
  world.counters.count(entry);
}

/** Before the work: finds a planned fault and acts on the kinds that keep the work from being done. */
async function beforeWork(world: World, org: Org, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const notes = notesOf(request);
  const target = {
    app: org.app,
    org: org.name,
    method: request.method,
    path: pathOf(request),
    grantType: grantTypeOf(request),
  };
  notes.tokenCall = request.method === 'POST' && /^\/(services\/oauth2\/token|oauth\/tokens)$/.test(target.path);
  const fault = world.faults.take(target);
  notes.fault = fault;
  if (fault?.kind === 'close_before') {
    writeLog(world, org, request, 0);
    reply.hijack();
    request.raw.socket.destroy();
    return reply;
  }
  if (fault?.kind === 'status') {
    reply.code(fault.status ?? 500).headers(fault.headers ?? {});
    if (typeof fault.body !== 'string') return reply.send(fault.body ?? null);
    if (!reply.hasHeader('content-type'))
      reply.type(fault.body.trimStart().startsWith('<') ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8');
    return reply.send(fault.body);
  }
  if (fault?.kind === 'delay') await sleep(fault.delayMs ?? 0);
  notes.didWork = true;
  return undefined;
}

/** After the work, before the first byte of the answer. */
async function afterWork(world: World, org: Org, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const fault = notesOf(request).fault;
  if (org.policy.clockSkewSeconds !== 0) reply.header('date', new Date(org.now()).toUTCString());
  if (fault?.kind === 'close_after') {
    writeLog(world, org, request, 0);
    request.raw.socket.destroy();
    return;
  }
  writeLog(world, org, request, reply.statusCode);
  if (fault?.kind === 'delay_after') await sleep(fault.delayMs ?? 0);
}

export function addServerHooks(server: FastifyInstance, world: World, org: Org): void {
  server.addHook('preHandler', async (request, reply) => beforeWork(world, org, request, reply));
  server.addHook('onSend', async (request, reply, payload) => {
    await afterWork(world, org, request, reply);
    return payload;
  });
}
