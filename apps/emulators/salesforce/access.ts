import type { FastifyRequest } from 'fastify';
import type { AccessToken, User } from '../core/types.js';
import { noteOwner } from '../core/request-notes.js';
import { liveAccessToken } from '../oauth/grants.js';
import { SalesforceError } from './api-error.js';
import { countRequest, limitHeader, quotaLeft } from './quota.js';
import { mayUseApi } from './scopes.js';
import type { Site } from './site.js';

/** `Bearer x` and the older `OAuth x`. */
export function bearerOf(request: FastifyRequest): string | undefined {
  return /^(?:Bearer|OAuth)\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
}

export interface Access {
  token: AccessToken;
  user: User;
}

export function accessOf(site: Site, request: FastifyRequest): Access | undefined {
  const given = bearerOf(request) ?? '';
  noteOwner(request, site.org.accessTokens.get(given));
  const token = liveAccessToken(site.org, given);
  const user = token && site.org.users.get(token.username);
  return token && user ? { token, user } : undefined;
}

/** The guard of `/services/data/vNN.0/…`: session, API scope, quota, in this order; throws the answers of saas-apis 2.4. */
export function requireAccess(site: Site, request: FastifyRequest): Access {
  const headers = { 'www-authenticate': 'Token' };
  const access = accessOf(site, request);
  if (!access) throw new SalesforceError(401, 'INVALID_SESSION_ID', 'Session expired or invalid', undefined, headers);
  if (!mayUseApi(access.token.scopes)) {
    throw new SalesforceError(
      401,
      'INVALID_SESSION_ID',
      'This session is not valid for use with the REST API',
      undefined,
      headers,
    );
  }
  if (quotaLeft(site.org) <= 0) {
    throw new SalesforceError(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.', undefined, {
      'sforce-limit-info': limitHeader(site.org),
    });
  }
  countRequest(site.org);
  return access;
}
