import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Row } from '../core/org.js';
import type { AccessToken } from '../core/types.js';
import { notesOf } from '../core/request-notes.js';
import { endAccessToken, putAccessToken, revokeGrant } from '../oauth/grants.js';
import { requireCaller, requireRole, type Caller } from './access.js';
import { missingParameter, recordNotFound } from './api-error.js';
import { apiUrl, zendeskTime, type Site } from './site.js';

const base = '/api/v2/oauth/tokens';

function shown(site: Site, token: AccessToken, url: string, full = false): Row {
  const client = site.world.client('zendesk', site.org.name, token.clientId);
  const grant = token.grantId === null ? undefined : site.org.grants.get(token.grantId);
  const refresh = grant?.refreshTokens.at(-1);
  const refreshRow = refresh === undefined ? undefined : site.org.refreshTokens.get(refresh);
  return {
    url: `${url}/oauth/tokens/${token.id}.json`,
    id: token.id,
    client_id: client?.numericId ?? null,
    user_id: Number(site.org.users.get(token.username)?.id ?? 0),
    token: token.token.slice(0, 10),
    ...(full ? { full_token: token.token } : {}),
    scopes: token.scopes,
    created_at: zendeskTime(token.issuedAt),
    used_at: token.usedAt === null ? null : zendeskTime(token.usedAt),
    expires_at: token.expiresAt === null ? null : zendeskTime(token.expiresAt),
    refresh_token: refresh?.slice(0, 10) ?? null,
    refresh_token_expires_at: refreshRow?.expiresAt ? zendeskTime(refreshRow.expiresAt) : null,
  };
}

function live(site: Site): AccessToken[] {
  const now = site.org.now();
  return site.org.accessTokens
    .values()
    .filter((token) => !token.dead && (token.expiresAt === null || token.expiresAt > now));
}

/** Revoking a token ends the pair: its refresh token can bring no other (saas-apis 3.2 knows no separate revocation). */
function revoke(site: Site, token: AccessToken): void {
  const grant = token.grantId === null ? undefined : site.org.grants.get(token.grantId);
  if (grant) revokeGrant(site.org, grant, 'revoked by the client');
  else endAccessToken(site.org, token.token, 'revoked by the client');
}

export function addOauthTokenRoutes(server: FastifyInstance, site: Site): void {
  const current = (caller: Caller): AccessToken => {
    if (!caller.token) throw recordNotFound();
    return caller.token;
  };
  const byId = (request: FastifyRequest, caller: Caller, id: string): AccessToken => {
    if (id === 'current') return current(caller);
    const token = live(site).find((one) => String(one.id) === id);
    if (!token || (token.username !== caller.user.username && caller.user.role !== 'admin')) throw recordNotFound();
    return token;
  };
  server.get(base, async (request) => {
    const caller = requireCaller(site, request, null, 'read');
    const own = live(site).filter((token) => token.username === caller.user.username);
    const tokens = own.map((token) => shown(site, token, apiUrl(site, request)));
    return { tokens, next_page: null, previous_page: null, count: tokens.length };
  });
  server.get<{ Params: { id: string } }>(`${base}/:id`, async (request) => {
    const caller = requireCaller(site, request, null, 'read');
    return { token: shown(site, byId(request, caller, request.params.id), apiUrl(site, request)) };
  });
  server.delete<{ Params: { id: string } }>(`${base}/:id`, async (request, reply) => {
    const caller = requireCaller(site, request, null, 'write');
    revoke(site, byId(request, caller, request.params.id));
    notesOf(request).revoked = true;
    return reply.code(204).send();
  });
  server.post(base, async (request, reply) => {
    const caller = requireCaller(site, request, null, 'write');
    requireRole(caller, 'admin');
    const wish = (request.body as { token?: { client_id?: unknown; scopes?: unknown } } | null)?.token;
    const client = site.world.clients
      .values()
      .find((one) => one.app === 'zendesk' && one.numericId === Number(wish?.client_id));
    if (!wish || !client) throw missingParameter('token');
    const token = putAccessToken(site.org, {
      grantId: null,
      clientId: client.clientId,
      username: caller.user.username,
      scopes: Array.isArray(wish.scopes) ? wish.scopes.map(String) : ['read'],
      ttlSeconds: site.org.policy.accessTokenTtlSeconds,
    });
    return reply.code(201).send({ token: shown(site, token, apiUrl(site, request), true) });
  });
}
