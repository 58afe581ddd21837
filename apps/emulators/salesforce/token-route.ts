import { createHmac } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Org } from '../core/org.js';
import type { Client } from '../core/types.js';
import { notesOf } from '../core/request-notes.js';
import { authenticatedClient, clientCredentials } from '../oauth/clients.js';
import { redeemCode, type CodeFailure } from '../oauth/codes.js';
import { createGrant, refreshGrant, type Issued, type RefreshFailure } from '../oauth/grants.js';
import { idToken } from './id-token.js';
import { loginRefusal } from './login-refusal.js';
import { sendOauth, sendOauthError } from './oauth-reply.js';
import { mayRefresh } from './scopes.js';
import { identityUrl, instanceUrl, type Site } from './site.js';

type Form = Record<string, unknown>;

const codeFailures: Record<CodeFailure, [error: string, description: string]> = {
  unknown: ['invalid_grant', 'invalid authorization code'],
  used: ['invalid_grant', 'expired authorization code'],
  expired: ['invalid_grant', 'expired authorization code'],
  redirect_uri: ['redirect_uri_mismatch', 'redirect_uri must match configuration'],
  // saas-apis 2.2: a wrong verifier is invalid_request, a missing one invalid_grant.
  verifier_wrong: ['invalid_request', 'invalid code verifier'],
  verifier_missing: ['invalid_grant', 'code verifier is missing'],
  verifier_unasked: ['invalid_grant', 'code challenge is missing'],
};

const refreshFailures: Record<RefreshFailure, string> = {
  unknown: 'expired access/refresh token',
  dead: 'expired access/refresh token',
  expired: 'expired access/refresh token',
  reused: 'expired access/refresh token',
  inactive_user: 'inactive user',
};

function text(form: Form, name: string): string | undefined {
  const value = form[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The answer of saas-apis 2.2: all strings, `issued_at` in ms, no `expires_in`, a refresh token only when there is a new one. */
function tokenAnswer(
  site: Site,
  request: FastifyRequest,
  client: Client,
  issued: Issued,
  nonce: string | null,
): Record<string, string | undefined> {
  const user = site.org.users.get(issued.grant.username);
  const id = identityUrl(site, request, user?.id ?? '');
  const issuedAt = String(issued.access.issuedAt);
  const signature = createHmac('sha256', client.clientSecret ?? '')
    .update(id + issuedAt)
    .digest('base64');
  return {
    access_token: issued.access.token,
    refresh_token: issued.refresh?.token,
    signature,
    scope: issued.grant.scopes.join(' '),
    id_token:
      user && issued.grant.scopes.includes('openid')
        ? idToken(site, request, client.clientId, user, issued.access, nonce)
        : undefined,
    instance_url: instanceUrl(site, request),
    id,
    token_type: 'Bearer',
    issued_at: issuedAt,
  };
}

async function token(site: Site, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const fail = (error: string, description: string): FastifyReply => sendOauthError(request, reply, error, description);
  // Form only (saas-apis 1.3): of a JSON body no parameter is seen.
  const isForm = (request.headers['content-type'] ?? '').includes('application/x-www-form-urlencoded');
  const form = (isForm ? request.body : request.query) as Form;
  const grantType = text(form, 'grant_type');
  if (grantType !== 'authorization_code' && grantType !== 'refresh_token')
    return fail('unsupported_grant_type', 'grant type not supported');
  const given = clientCredentials(request, form);
  notesOf(request).clientId = given.clientId ?? null;
  if (!given.clientId) return fail('invalid_client_id', 'client identifier invalid');
  const client = authenticatedClient(site.world, site.org, given);
  if (client === 'unknown') return fail('invalid_client_id', 'client identifier invalid');
  if (client === 'wrong_secret') return fail('invalid_client', 'invalid client credentials');
  const refusal = loginRefusal(site.org.policy);
  if (refusal) return fail(...refusal);
  return grantType === 'authorization_code'
    ? exchangeCode(site, request, reply, form, client)
    : refresh(site, request, reply, form, client);
}

async function exchangeCode(
  site: Site,
  request: FastifyRequest,
  reply: FastifyReply,
  form: Form,
  client: Client,
): Promise<FastifyReply> {
  const given = text(form, 'code');
  if (!given) return sendOauthError(request, reply, 'invalid_request', 'missing required code');
  const code = redeemCode(site.org, {
    code: given,
    clientId: client.clientId,
    redirectUri: text(form, 'redirect_uri'),
    verifier: text(form, 'code_verifier'),
  });
  if (typeof code === 'string') return sendOauthError(request, reply, ...codeFailures[code]);
  if (site.org.users.get(code.username)?.active !== true)
    return sendOauthError(request, reply, 'invalid_grant', 'inactive user');
  const issued = createGrant(site.org, {
    clientId: client.clientId,
    username: code.username,
    scopes: code.scopes,
    withRefresh: mayRefresh(code.scopes),
  });
  notesOf(request).username = code.username;
  notesOf(request).accepted = 'token.code';
  return sendOauth(request, reply, site.org.policy.tokenStatus, tokenAnswer(site, request, client, issued, code.nonce));
}

async function refresh(
  site: Site,
  request: FastifyRequest,
  reply: FastifyReply,
  form: Form,
  client: Client,
): Promise<FastifyReply> {
  const given = text(form, 'refresh_token');
  if (!given) return sendOauthError(request, reply, 'invalid_request', 'missing required refresh token');
  const owner = site.org.refreshTokens.get(given);
  notesOf(request).username = owner ? (site.org.grants.get(owner.grantId)?.username ?? null) : null;
  // One request for a refresh token at a time: until the first is answered, the second is refused.
  if (!beginRefresh(site.org, given, reply))
    return sendOauthError(request, reply, 'invalid_grant', 'token request is already being processed');
  const issued = refreshGrant(site.org, given, client.clientId);
  if (typeof issued === 'string') return sendOauthError(request, reply, 'invalid_grant', refreshFailures[issued]);
  notesOf(request).accepted = 'token.refresh';
  return sendOauth(request, reply, site.org.policy.tokenStatus, tokenAnswer(site, request, client, issued, null));
}

const underWay = new WeakMap<Org, Set<string>>();

function beginRefresh(org: Org, refreshToken: string, reply: FastifyReply): boolean {
  const tokens = underWay.get(org) ?? new Set<string>();
  underWay.set(org, tokens);
  if (tokens.has(refreshToken)) return false;
  tokens.add(refreshToken);
  reply.raw.once('close', () => tokens.delete(refreshToken));
  return true;
}

export function addTokenRoute(server: FastifyInstance, site: Site): void {
  server.post('/services/oauth2/token', async (request, reply) => token(site, request, reply));
}
