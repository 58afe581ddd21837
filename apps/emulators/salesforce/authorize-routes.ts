import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { allowsRedirect } from '../oauth/clients.js';
import { issueCode } from '../oauth/codes.js';
import { checkPassword, formKey, isFormKey, sessionOf, startSession } from '../oauth/login-session.js';
import { consentPage, loginPage, oauthErrorPage, redirectTarget, safeNext } from '../oauth/pages.js';
import type { Client } from '../core/types.js';
import { notesOf } from '../core/request-notes.js';
import { parseScopes } from './scopes.js';
import type { Site } from './site.js';

/** Browsers keep cookies per host, not per port: each org needs its own name. */
function cookieName(site: Site): string {
  return `sid_${site.org.name}`;
}

const title = 'Salesforce (emulated)';

type Params = Record<string, string>;

interface Asked {
  client: Client;
  redirectUri: string;
  scopes: string[];
  params: Params;
}

function stringsOf(value: unknown): Params {
  const out: Params = {};
  for (const [name, item] of Object.entries((value ?? {}) as Record<string, unknown>))
    if (typeof item === 'string') out[name] = item;
  return out;
}

function page(reply: FastifyReply, status: number, html: string): FastifyReply {
  return reply.code(status).type('text/html; charset=UTF-8').header('cache-control', 'no-store').send(html);
}

/** Checks an authorization request. Nothing is ever redirected to an address that the client did not register. */
function examine(site: Site, params: Params, reply: FastifyReply): Asked | FastifyReply {
  const fail = (error: string, text: string): FastifyReply => page(reply, 400, oauthErrorPage(error, text));
  const client = site.world.client('salesforce', site.org.name, params.client_id ?? '');
  if (!client) return fail('invalid_client_id', 'client identifier invalid');
  const redirectUri = params.redirect_uri ?? '';
  if (!allowsRedirect(client, redirectUri))
    return fail('redirect_uri_mismatch', 'redirect_uri must match configuration');
  const refuse = (error: string, error_description: string): FastifyReply =>
    reply.redirect(redirectTarget(redirectUri, { error, error_description, state: params.state }));
  if (params.response_type !== 'code') return refuse('unsupported_response_type', 'response type not supported');
  const method = params.code_challenge_method;
  if (method !== undefined && method !== 'S256') return refuse('invalid_request', 'code challenge method must be S256');
  if (params.code_challenge !== undefined && !/^[A-Za-z0-9_-]{43}$/.test(params.code_challenge))
    return refuse('invalid_request', 'invalid code challenge');
  if (client.pkceRequired && !params.code_challenge)
    return refuse('invalid_request', 'missing required code challenge');
  const scopes = parseScopes(params.scope);
  if (!scopes) return refuse('invalid_scope', 'the requested scope is not allowed');
  return { client, redirectUri, scopes, params };
}

function isAsked(value: Asked | FastifyReply): value is Asked {
  return 'client' in value;
}

async function authorize(site: Site, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const params = stringsOf(request.method === 'POST' ? request.body : request.query);
  const asked = examine(site, params, reply);
  if (!isAsked(asked)) return asked;
  notesOf(request).clientId = asked.client.clientId;
  const prompts = (params.prompt ?? '').split(/\s+/);
  const mustLogIn = prompts.includes('login') || prompts.includes('select_account');
  const session = mustLogIn ? undefined : sessionOf(site.org, request, cookieName(site));
  if (params.immediate === 'true') {
    // Nobody may be shown a page; approvals are not remembered here (apps/emulators/coverage.md), so there is never an immediate success.
    return reply.redirect(redirectTarget(asked.redirectUri, { error: 'immediate_unsuccessful', state: params.state }));
  }
  if (!session) {
    // Back to the same request after the login, without the wish that would ask for another one.
    const rest = prompts.filter((one) => one !== 'login' && one !== 'select_account' && one !== '').join(' ');
    const { prompt: _, ...others } = params;
    const next = `/services/oauth2/authorize?${new URLSearchParams(rest ? { ...others, prompt: rest } : others).toString()}`;
    const query = new URLSearchParams({ next, ...(params.login_hint ? { un: params.login_hint } : {}) });
    return reply.redirect(`/login?${query.toString()}`);
  }
  return page(
    reply,
    200,
    consentPage({
      title,
      action: '/services/oauth2/approve',
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
  const state = params.state;
  notesOf(request).username = session.username;
  notesOf(request).clientId = asked.client.clientId;
  if (decision !== 'allow') {
    const refusal = { error: 'access_denied', error_description: 'end-user denied authorization', state };
    return reply.redirect(redirectTarget(asked.redirectUri, refusal));
  }
  const code = issueCode(site.org, {
    clientId: asked.client.clientId,
    username: session.username,
    redirectUri: asked.redirectUri,
    scopes: asked.scopes,
    challenge: params.code_challenge ?? null,
    nonce: params.nonce ?? null,
  });
  return reply.redirect(redirectTarget(asked.redirectUri, { code: code.code, state }));
}

export function addAuthorizeRoutes(server: FastifyInstance, site: Site): void {
  server.get('/services/oauth2/authorize', async (request, reply) => authorize(site, request, reply));
  server.post('/services/oauth2/authorize', async (request, reply) => authorize(site, request, reply));
  server.post('/services/oauth2/approve', async (request, reply) => decide(site, request, reply));
  server.get('/login', async (request, reply) => {
    const query = stringsOf(request.query);
    return page(
      reply,
      200,
      loginPage({ title, action: '/login', next: safeNext(query.next), username: query.un ?? '' }),
    );
  });
  server.post('/login', async (request, reply) => {
    const { username = '', password = '', next } = stringsOf(request.body);
    const user = checkPassword(site.org, username, password);
    if (!user) {
      const error =
        "Please check your username and password. If you still can't log in, contact your Salesforce administrator.";
      return page(reply, 200, loginPage({ title, action: '/login', next: safeNext(next), username, error }));
    }
    notesOf(request).username = user.username;
    startSession(site.org, reply, cookieName(site), user);
    return reply.redirect(safeNext(next));
  });
}
