import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Client } from '../core/types.js';
import { notesOf } from '../core/request-notes.js';
import { allowsRedirect } from '../oauth/clients.js';
import { issueCode } from '../oauth/codes.js';
import { checkPassword, formKey, isFormKey, sessionOf, startSession } from '../oauth/login-session.js';
import { consentPage, loginPage, oauthErrorPage, redirectTarget, safeNext } from '../oauth/pages.js';
import { parseScopes } from './scopes.js';
import type { Site } from './site.js';

/** Browsers keep cookies per host, not per port: each org needs its own name. */
function cookieName(site: Site): string {
  return `_zendesk_session_${site.org.name}`;
}

const title = 'Zendesk (emulated)';

type Params = Record<string, string>;

interface Asked {
  client: Client;
  redirectUri: string;
  scopes: string[];
}

function stringsOf(value: unknown): Params {
  const out: Params = {};
  for (const [name, item] of Object.entries((value ?? {}) as Record<string, unknown>))
    if (typeof item === 'string') out[name] = item;
  return out;
}

function page(reply: FastifyReply, status: number, html: string): FastifyReply {
  return reply.code(status).type('text/html; charset=utf-8').header('cache-control', 'no-store').send(html);
}

function examine(site: Site, params: Params, reply: FastifyReply): Asked | FastifyReply {
  const client = site.world.client('zendesk', site.org.name, params.client_id ?? '');
  if (!client) return page(reply, 400, oauthErrorPage('invalid_client', `No such client: ${params.client_id ?? ''}`));
  const redirectUri = params.redirect_uri ?? '';
  if (!allowsRedirect(client, redirectUri))
    return page(reply, 400, oauthErrorPage('invalid_request', 'Invalid redirect_uri'));
  const refuse = (error: string, error_description: string): FastifyReply =>
    reply.redirect(redirectTarget(redirectUri, { error, error_description, state: params.state }));
  if (params.response_type !== 'code')
    return refuse('unsupported_response_type', 'The authorization server does not support this response type');
  const challenge = params.code_challenge;
  // Zendesk asks for the method by name; the plain one is not taken (saas-apis 3.1).
  if (challenge !== undefined && (params.code_challenge_method !== 'S256' || !/^[A-Za-z0-9_-]{43}$/.test(challenge))) {
    return refuse('invalid_request', 'The code_challenge_method must be S256');
  }
  if ((client.pkceRequired || client.publicClient) && challenge === undefined)
    return refuse('invalid_request', 'A code_challenge is required');
  const scopes = parseScopes(params.scope);
  // Nonsense scopes are taken here; the calls answer 403 later (saas-apis 3.1).
  return { client, redirectUri, scopes: scopes.length > 0 ? scopes : ['read', 'write'] };
}

function isAsked(value: Asked | FastifyReply): value is Asked {
  return 'client' in value;
}

async function authorize(site: Site, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const params = stringsOf(request.query);
  const asked = examine(site, params, reply);
  if (!isAsked(asked)) return asked;
  notesOf(request).clientId = asked.client.clientId;
  const session = sessionOf(site.org, request, cookieName(site));
  if (!session) {
    const next = `/oauth/authorizations/new?${new URLSearchParams(params).toString()}`;
    return reply.redirect(`/access/login?${new URLSearchParams({ next }).toString()}`);
  }
  return page(
    reply,
    200,
    consentPage({
      title,
      action: '/oauth/authorizations',
      clientName: asked.client.name,
      username: session.username,
      scopes: asked.scopes,
      hidden: { ...params, form_key: formKey(session, 'consent') },
    }),
  );
}

async function decide(site: Site, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { form_key: key, decision, ...params } = stringsOf(request.body);
  const session = sessionOf(site.org, request, cookieName(site));
  if (!session || !isFormKey(session, 'consent', key))
    return page(reply, 403, oauthErrorPage('invalid_session', 'log in again'));
  const asked = examine(site, params, reply);
  if (!isAsked(asked)) return asked;
  notesOf(request).username = session.username;
  notesOf(request).clientId = asked.client.clientId;
  const state = params.state;
  if (decision !== 'allow') {
    const error_description = 'The end-user or authorization server denied the request.';
    return reply.redirect(redirectTarget(asked.redirectUri, { error: 'access_denied', error_description, state }));
  }
  const code = issueCode(site.org, {
    clientId: asked.client.clientId,
    username: session.username,
    redirectUri: asked.redirectUri,
    scopes: asked.scopes,
    challenge: params.code_challenge ?? null,
    nonce: null,
  });
  return reply.redirect(redirectTarget(asked.redirectUri, { code: code.code, state }));
}

export function addAuthorizeRoutes(server: FastifyInstance, site: Site): void {
  server.get('/oauth/authorizations/new', async (request, reply) => authorize(site, request, reply));
  server.post('/oauth/authorizations', async (request, reply) => decide(site, request, reply));
  server.get('/access/login', async (request, reply) => {
    const query = stringsOf(request.query);
    return page(reply, 200, loginPage({ title, action: '/access/login', next: safeNext(query.next), username: '' }));
  });
  server.post('/access/login', async (request, reply) => {
    const { username = '', password = '', next } = stringsOf(request.body);
    const user = checkPassword(site.org, username, password);
    if (!user) {
      const error = 'That email and password combination is not valid.';
      return page(reply, 401, loginPage({ title, action: '/access/login', next: safeNext(next), username, error }));
    }
    notesOf(request).username = user.username;
    startSession(site.org, reply, cookieName(site), user);
    return reply.redirect(safeNext(next));
  });
}
