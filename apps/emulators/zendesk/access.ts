import type { FastifyRequest } from 'fastify';
import type { AccessToken, User } from '../core/types.js';
import { noteOwner, notesOf } from '../core/request-notes.js';
import { liveAccessToken } from '../oauth/grants.js';
import { roleTooSmall, ZendeskError } from './api-error.js';
import { countRequest } from './rate-limit.js';
import { requireScope, type Access } from './scopes.js';
import type { Site } from './site.js';

export interface Caller {
  user: User;
  /** null: an API token (Basic), which has no scopes to be short of. */
  token: AccessToken | null;
}

const deadToken = 'The access token provided is expired, revoked, malformed or invalid for other reasons.';

function invalidToken(): ZendeskError {
  const challenge = `Bearer realm="Zendesk::OAuth Bearer Token Authentication", error="invalid_token", error_description="${deadToken}"`;
  return new ZendeskError(
    401,
    { error: 'invalid_token', error_description: deadToken },
    { 'www-authenticate': challenge },
  );
}

function notAuthenticated(): ZendeskError {
  return new ZendeskError(
    401,
    { error: "Couldn't authenticate you" },
    { 'www-authenticate': 'Basic realm="Web Password"' },
  );
}

/** Who asks: a caller, or nobody known (no credentials, or wrong Basic ones). A dead bearer is refused at once. */
export function callerOf(site: Site, request: FastifyRequest): Caller | null {
  const [, scheme = '', value = ''] = /^(\S+)\s+(.+)$/.exec(request.headers.authorization ?? '') ?? [];
  if (scheme.toLowerCase() === 'bearer') {
    noteOwner(request, site.org.accessTokens.get(value.trim()));
    const token = liveAccessToken(site.org, value.trim());
    const user = token && site.org.users.get(token.username);
    if (!token || !user) throw invalidToken();
    return { user, token };
  }
  if (scheme.toLowerCase() !== 'basic') return null;
  const decoded = Buffer.from(value, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  const name = decoded.slice(0, colon);
  // `email/token:{api_token}`; passwords are no longer taken (saas-apis 3.7).
  const email = /^(.+)\/token$/.exec(name)?.[1]?.toLowerCase();
  const known = site.org.setting<string[]>('apiTokens', []).includes(decoded.slice(colon + 1));
  const user = email !== undefined && known ? site.org.users.get(email) : undefined;
  if (!user?.active) return null;
  notesOf(request).username = user.username;
  return { user, token: null };
}

/** The guard of every call but `users/me`: who, rate, scope, in this order. */
export function requireCaller(site: Site, request: FastifyRequest, resource: string | null, access: Access): Caller {
  const caller = callerOf(site, request);
  if (!caller) throw notAuthenticated();
  countRequest(site.org);
  if (resource !== null && caller.token) requireScope(caller.token.scopes, resource, access);
  return caller;
}

export function requireRole(caller: Caller, ...roles: User['role'][]): void {
  if (!roles.includes(caller.user.role)) throw roleTooSmall();
}

export interface OrganizationRights {
  read: boolean;
  create: boolean;
  edit: boolean;
  delete: boolean;
  /** A plain agent may change `notes` and nothing else (saas-apis 3.3). */
  notesOnly: boolean;
}

/** By role, unless the control API (a custom role, so to speak) said otherwise. */
export function organizationRights(user: User): OrganizationRights {
  const admin = user.role === 'admin';
  const staff = user.role !== 'end-user';
  const set = user.rights.organizations;
  if (!set) return { read: staff, create: admin, edit: staff, delete: admin, notesOnly: !admin };
  return { read: set.read, create: set.create, edit: set.edit, delete: set.delete, notesOnly: false };
}
