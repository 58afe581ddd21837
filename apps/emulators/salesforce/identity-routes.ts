import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { User } from '../core/types.js';
import { notesOf } from '../core/request-notes.js';
import { authenticatedClient, clientCredentials } from '../oauth/clients.js';
import { endAccessToken, liveAccessToken, revokeGrant } from '../oauth/grants.js';
import { accessOf, bearerOf, type Access } from './access.js';
import { normalId, orgId } from './ids.js';
import { publicKeys } from './id-token.js';
import { sendOauth, sendOauthError } from './oauth-reply.js';
import { identityUrl, instanceUrl, loginUrl, ownUrl, type Site } from './site.js';
import { wireTime } from './wire-time.js';

type Form = Record<string, unknown>;

/** Errors of the identity services are plain text with 403 (saas-apis 2.3). */
function refused(reply: FastifyReply, text: string): FastifyReply {
  return reply.code(403).type('text/plain; charset=UTF-8').send(text);
}

function identityAccess(site: Site, request: FastifyRequest): Access | string {
  const query = request.query as Form;
  if (!bearerOf(request) && typeof query.access_token === 'string')
    request.headers.authorization = `Bearer ${query.access_token}`;
  if (!bearerOf(request)) return 'Missing_OAuth_Token';
  return accessOf(site, request) ?? 'Bad_OAuth_Token';
}

function serviceUrls(site: Site, request: FastifyRequest, user: User): Record<string, string> {
  const base = instanceUrl(site, request);
  const id15 = orgId(site.org).slice(0, 15);
  const rest = `${base}/services/data/v{version}/`;
  return {
    enterprise: `${base}/services/Soap/c/{version}/${id15}`,
    metadata: `${base}/services/Soap/m/{version}/${id15}`,
    partner: `${base}/services/Soap/u/{version}/${id15}`,
    rest,
    sobjects: `${rest}sobjects/`,
    search: `${rest}search/`,
    query: `${rest}query/`,
    recent: `${rest}recent/`,
    tooling_soap: `${base}/services/Soap/T/{version}/${id15}`,
    tooling_rest: `${rest}tooling/`,
    profile: `${base}/${user.id}`,
    feeds: `${rest}chatter/feeds`,
    groups: `${rest}chatter/groups`,
    users: `${rest}chatter/users`,
    feed_items: `${rest}chatter/feed-items`,
    feed_elements: `${rest}chatter/feed-elements`,
    custom_domain: base,
  };
}

function names(user: User): { first: string | null; last: string } {
  const parts = user.name.split(' ');
  return { first: parts.length > 1 ? (parts[0] ?? null) : null, last: parts.at(-1) ?? user.name };
}

function identity(site: Site, request: FastifyRequest, user: User): Record<string, unknown> {
  const { first, last } = names(user);
  const base = instanceUrl(site, request);
  return {
    id: identityUrl(site, request, user.id),
    asserted_user: true,
    user_id: user.id,
    organization_id: orgId(site.org),
    username: user.username,
    nick_name: user.username.split('@')[0],
    display_name: user.name,
    email: user.email,
    email_verified: true,
    first_name: first,
    last_name: last,
    timezone: 'Europe/Berlin',
    photos: { picture: `${base}/profilephoto/005/F`, thumbnail: `${base}/profilephoto/005/T` },
    addr_street: null,
    addr_city: null,
    addr_state: null,
    addr_country: 'DE',
    addr_zip: null,
    mobile_phone: null,
    mobile_phone_verified: false,
    is_lightning_login_user: false,
    status: { created_date: null, body: null },
    urls: serviceUrls(site, request, user),
    active: user.active,
    user_type: 'STANDARD',
    language: 'en_US',
    locale: 'en_US',
    utcOffset: 3_600_000,
    last_modified_date: wireTime(user.createdAt),
    is_app_installed: true,
  };
}

function claims(site: Site, request: FastifyRequest, user: User): Record<string, unknown> {
  const { first, last } = names(user);
  const base = instanceUrl(site, request);
  return {
    sub: identityUrl(site, request, user.id),
    user_id: user.id,
    organization_id: orgId(site.org),
    preferred_username: user.username,
    nickname: user.username.split('@')[0],
    name: user.name,
    email: user.email,
    email_verified: true,
    given_name: first,
    family_name: last,
    zoneinfo: 'Europe/Berlin',
    photos: { picture: `${base}/profilephoto/005/F`, thumbnail: `${base}/profilephoto/005/T` },
    profile: `${base}/${user.id}`,
    picture: `${base}/profilephoto/005/F`,
    address: { country: 'DE' },
    urls: serviceUrls(site, request, user),
    active: user.active,
    user_type: 'STANDARD',
    language: 'en_US',
    locale: 'en_US',
    utcOffset: 3_600_000,
    updated_at: wireTime(user.createdAt),
    is_app_installed: true,
  };
}

async function introspect(site: Site, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const form = (request.body ?? {}) as Form;
  const client = authenticatedClient(site.world, site.org, clientCredentials(request, form));
  if (client === 'unknown') return sendOauthError(request, reply, 'invalid_client_id', 'client identifier invalid');
  if (client === 'wrong_secret') return sendOauthError(request, reply, 'invalid_client', 'invalid client credentials');
  notesOf(request).clientId = client.clientId;
  const given = String(form.token ?? '');
  const access = liveAccessToken(site.org, given);
  const refresh = site.org.refreshTokens.get(given);
  const grant = refresh && site.org.grants.get(refresh.grantId);
  const liveRefresh =
    refresh &&
    grant &&
    !refresh.dead &&
    !refresh.rotatedAt &&
    (refresh.expiresAt === null || refresh.expiresAt > site.org.now());
  const found = access ?? (liveRefresh ? { ...refresh, username: grant.username, scopes: grant.scopes } : undefined);
  // A token of another app reads as inactive (saas-apis 2.3).
  if (!found || found.clientId !== client.clientId) return reply.send({ active: false });
  const user = site.org.users.get(found.username);
  const seconds = (ms: number): number => Math.floor(ms / 1_000);
  return reply.send({
    active: true,
    scope: found.scopes.join(' '),
    client_id: found.clientId,
    username: found.username,
    sub: identityUrl(site, request, user?.id ?? ''),
    token_type: access ? 'access_token' : 'refresh_token',
    ...(found.expiresAt === null ? {} : { exp: seconds(found.expiresAt) }),
    iat: seconds(found.issuedAt),
    nbf: seconds(found.issuedAt),
  });
}

async function revoke(site: Site, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const form = { ...(request.query as Form), ...((request.body ?? {}) as Form) };
  const given = String(form.token ?? '');
  const refresh = site.org.refreshTokens.get(given);
  const grant = refresh && site.org.grants.get(refresh.grantId);
  notesOf(request).clientId = refresh?.clientId ?? site.org.accessTokens.get(given)?.clientId ?? null;
  if (refresh && grant && !refresh.dead && !refresh.rotatedAt) {
    // A refresh token takes its access tokens along; an access token leaves the refresh token (saas-apis 2.3).
    revokeGrant(site.org, grant, 'revoked by the client');
  } else if (liveAccessToken(site.org, given)) {
    endAccessToken(site.org, given, 'revoked by the client');
  } else {
    return sendOauth(request, reply, 400, { error: 'invalid_token', error_description: 'the token is invalid' });
  }
  notesOf(request).revoked = true;
  return reply.code(200).send();
}

function discovery(site: Site, request: FastifyRequest): Record<string, unknown> {
  const base = ownUrl(site, request);
  const oauth = `${base}/services/oauth2`;
  return {
    issuer: base,
    authorization_endpoint: `${oauth}/authorize`,
    token_endpoint: `${oauth}/token`,
    revocation_endpoint: `${oauth}/revoke`,
    userinfo_endpoint: `${oauth}/userinfo`,
    introspection_endpoint: `${oauth}/introspect`,
    jwks_uri: `${base}/id/keys`,
    registration_endpoint: `${oauth}/register`,
    scopes_supported: ['openid', 'id', 'api', 'web', 'full', 'refresh_token', 'offline_access', 'profile', 'email'],
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    display_values_supported: ['page', 'popup', 'touch'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    claims_supported: [
      'active',
      'email',
      'email_verified',
      'name',
      'nickname',
      'organization_id',
      'preferred_username',
      'sub',
      'user_id',
    ],
  };
}

export function addIdentityRoutes(server: FastifyInstance, site: Site): void {
  server.route({
    method: ['GET', 'POST'],
    url: '/services/oauth2/userinfo',
    handler: async (request, reply) => {
      const access = identityAccess(site, request);
      return typeof access === 'string' ? refused(reply, access) : reply.send(claims(site, request, access.user));
    },
  });
  server.get<{ Params: { org: string; user: string } }>('/id/:org/:user', async (request, reply) => {
    const access = identityAccess(site, request);
    if (typeof access === 'string') return refused(reply, access);
    if (normalId(request.params.org) !== orgId(site.org)) return refused(reply, 'Wrong_Org');
    if (normalId(request.params.user) !== access.user.id) return refused(reply, 'Bad_Id');
    return reply.send(identity(site, request, access.user));
  });
  server.post('/services/oauth2/introspect', async (request, reply) => introspect(site, request, reply));
  server.route({
    method: ['GET', 'POST'],
    url: '/services/oauth2/revoke',
    handler: async (request, reply) => revoke(site, request, reply),
  });
  server.get('/id/keys', async (_, reply) => reply.send(publicKeys(site.world)));
  server.get('/.well-known/openid-configuration', async (request, reply) => reply.send(discovery(site, request)));
  server.get('/.well-known/auth-configuration', async (request, reply) =>
    reply.send({
      OrgConfig: { OrgId: orgId(site.org), MyDomainUrl: instanceUrl(site, request) },
      LoginPage: { LoginPageUrl: `${loginUrl(site, request)}/login` },
    }),
  );
}
