import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Client } from '../core/types.js';
import { notesOf } from '../core/request-notes.js';
import { authenticatedClient, clientCredentials } from '../oauth/clients.js';
import { redeemCode } from '../oauth/codes.js';
import { createGrant, refreshGrant, type Issued } from '../oauth/grants.js';
import { parseScopes } from './scopes.js';
import type { Site } from './site.js';

type Form = Record<string, unknown>;

const deadGrant =
  'The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.';
const deadClient =
  'Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method.';

function fail(reply: FastifyReply, status: number, error: string, error_description: string): FastifyReply {
  return reply.code(status).send({ error, error_description });
}

function text(form: Form, name: string): string | undefined {
  const value = form[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A wished life within the vendor's bounds; undefined when none was wished, null when it is out of bounds. */
function life(form: Form, name: string, least: number, most: number): number | undefined | null {
  if (form[name] === undefined || form[name] === null || form[name] === '') return undefined;
  const seconds = Number(form[name]);
  return Number.isInteger(seconds) && seconds >= least && seconds <= most ? seconds : null;
}

function answer(site: Site, reply: FastifyReply, issued: Issued): FastifyReply {
  const seconds = (row: { issuedAt: number; expiresAt: number | null } | null): number | null =>
    row === null || row.expiresAt === null ? null : Math.round((row.expiresAt - row.issuedAt) / 1_000);
  return reply
    .code(site.org.policy.tokenStatus)
    .header('cache-control', 'no-store')
    .header('pragma', 'no-cache')
    .send({
      access_token: issued.access.token,
      ...(issued.refresh ? { refresh_token: issued.refresh.token } : {}),
      token_type: 'bearer',
      scope: issued.grant.scopes.join(' '),
      expires_in: seconds(issued.access),
      ...(issued.refresh ? { refresh_token_expires_in: seconds(issued.refresh) } : {}),
    });
}

async function token(site: Site, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const form = (request.body ?? {}) as Form;
  const given = clientCredentials(request, form);
  notesOf(request).clientId = given.clientId ?? null;
  const client = authenticatedClient(site.world, site.org, given);
  if (typeof client === 'string') return fail(reply, 401, 'invalid_client', deadClient);
  const accessTtl = life(form, 'expires_in', 300, 172_800);
  const refreshTtl = life(form, 'refresh_token_expires_in', 604_800, 7_776_000);
  if (accessTtl === null)
    return fail(reply, 400, 'invalid_request', 'expires_in must be between 300 and 172800 seconds');
  if (refreshTtl === null)
    return fail(reply, 400, 'invalid_request', 'refresh_token_expires_in must be between 604800 and 7776000 seconds');
  const lives = { accessTtlSeconds: accessTtl, refreshTtlSeconds: refreshTtl };
  switch (form.grant_type) {
    case 'authorization_code':
      return exchangeCode(site, request, reply, form, client, lives);
    case 'refresh_token':
      return refresh(site, request, reply, form, client, lives);
    case 'client_credentials':
      return ofClient(site, request, reply, form, client, lives);
    default:
      return fail(
        reply,
        400,
        'unsupported_grant_type',
        'The authorization grant type is not supported by the authorization server.',
      );
  }
}

interface Lives {
  accessTtlSeconds: number | undefined;
  refreshTtlSeconds: number | undefined;
}

function exchangeCode(
  site: Site,
  request: FastifyRequest,
  reply: FastifyReply,
  form: Form,
  client: Client,
  lives: Lives,
): FastifyReply {
  const code = redeemCode(site.org, {
    code: text(form, 'code') ?? '',
    clientId: client.clientId,
    redirectUri: text(form, 'redirect_uri'),
    verifier: text(form, 'code_verifier'),
  });
  if (typeof code === 'string') return fail(reply, 400, 'invalid_grant', deadGrant);
  if (site.org.users.get(code.username)?.active !== true) return fail(reply, 400, 'invalid_grant', deadGrant);
  // A token without an end, as old clients have them, comes without a refresh token (saas-apis 3.1).
  const withRefresh = (lives.accessTtlSeconds ?? site.org.policy.accessTokenTtlSeconds) !== null;
  const issued = createGrant(site.org, {
    clientId: client.clientId,
    username: code.username,
    scopes: code.scopes,
    withRefresh,
    ...lives,
  });
  notesOf(request).username = code.username;
  notesOf(request).accepted = 'token.code';
  return answer(site, reply, issued);
}

function refresh(
  site: Site,
  request: FastifyRequest,
  reply: FastifyReply,
  form: Form,
  client: Client,
  lives: Lives,
): FastifyReply {
  const given = text(form, 'refresh_token') ?? '';
  const owner = site.org.refreshTokens.get(given);
  notesOf(request).username = owner ? (site.org.grants.get(owner.grantId)?.username ?? null) : null;
  const issued = refreshGrant(site.org, given, client.clientId, lives);
  if (typeof issued === 'string') return fail(reply, 400, 'invalid_grant', deadGrant);
  notesOf(request).accepted = 'token.refresh';
  return answer(site, reply, issued);
}

/** Acts as the user who made the client; no refresh token (saas-apis 3.1). */
function ofClient(
  site: Site,
  request: FastifyRequest,
  reply: FastifyReply,
  form: Form,
  client: Client,
  lives: Lives,
): FastifyReply {
  if (client.publicClient)
    return fail(reply, 400, 'unauthorized_client', 'The client is not authorized to use this grant type.');
  const owner =
    site.org.users.get(client.createdBy ?? '') ??
    site.org.users.values().find((user) => user.role === 'admin' && user.active);
  if (!owner) return fail(reply, 400, 'invalid_grant', deadGrant);
  const scopes = parseScopes(form.scope);
  const issued = createGrant(site.org, {
    clientId: client.clientId,
    username: owner.username,
    scopes: scopes.length > 0 ? scopes : ['read'],
    withRefresh: false,
    ...lives,
  });
  notesOf(request).username = owner.username;
  notesOf(request).accepted = 'token.client';
  return answer(site, reply, issued);
}

export function addTokenRoute(server: FastifyInstance, site: Site): void {
  server.post('/oauth/tokens', async (request, reply) => token(site, request, reply));
}
