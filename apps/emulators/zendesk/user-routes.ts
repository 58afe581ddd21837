import type { FastifyInstance } from 'fastify';
import type { Row } from '../core/org.js';
import type { User } from '../core/types.js';
import { callerOf, requireCaller, requireRole } from './access.js';
import { recordNotFound } from './api-error.js';
import { formKeyOf } from './authenticity.js';
import { listAnswer } from './paging.js';
import { countRequest } from './rate-limit.js';
import { requireScope } from './scopes.js';
import { apiUrl, zendeskTime, type Site } from './site.js';

function shownUser(site: Site, user: User, url: string): Row {
  const staff = user.role !== 'end-user';
  return {
    id: Number(user.id),
    url: `${url}/users/${user.id}.json`,
    name: user.name,
    email: user.email,
    created_at: zendeskTime(user.createdAt),
    updated_at: zendeskTime(user.createdAt),
    time_zone: 'Berlin',
    iana_time_zone: 'Europe/Berlin',
    phone: null,
    shared_phone_number: null,
    photo: null,
    locale_id: 1,
    locale: 'en-US',
    organization_id: null,
    role: user.role,
    verified: true,
    external_id: null,
    tags: [],
    alias: null,
    active: user.active,
    shared: false,
    shared_agent: false,
    last_login_at: null,
    two_factor_auth_enabled: null,
    signature: null,
    details: null,
    notes: null,
    role_type: user.role === 'admin' ? 4 : user.role === 'agent' ? 0 : null,
    custom_role_id: staff ? customRoleId(user) : null,
    moderator: staff,
    ticket_restriction: staff ? null : 'requested',
    only_private_comments: false,
    restricted_agent: user.role === 'agent',
    suspended: false,
    default_group_id: staff ? 27_411_800_000_001 : null,
    report_csv: user.role === 'admin',
    user_fields: {},
  };
}

function customRoleId(user: User): number {
  return user.role === 'admin' ? 27_411_800_000_201 : 27_411_800_000_202;
}

/** What nobody in particular gets from `users/me` (saas-apis 3.2). */
function anonymous(url: string): Row {
  return {
    id: null,
    url: `${url}/users/.json`,
    name: 'Anonymous user',
    email: 'invalid@example.com',
    created_at: null,
    updated_at: null,
    time_zone: 'Berlin',
    locale: 'en-US',
    organization_id: null,
    role: 'end-user',
    verified: false,
    active: null,
    suspended: false,
    user_fields: {},
  };
}

function customRole(id: number, name: string, admin: boolean): Row {
  return {
    id,
    name,
    description: '',
    role_type: admin ? 4 : 0,
    created_at: '2025-01-15T09:00:00Z',
    updated_at: '2025-01-15T09:00:00Z',
    configuration: {
      organization_editing: admin,
      organization_notes_editing: true,
      ticket_access: 'all',
      ticket_editing: true,
      manage_business_rules: admin,
    },
  };
}

export function addUserRoutes(server: FastifyInstance, site: Site): void {
  server.get('/api/v2/users/me', async (request) => {
    const caller = callerOf(site, request);
    const url = apiUrl(site, request);
    countRequest(site.org);
    if (!caller) return { user: { ...anonymous(url), authenticity_token: formKeyOf(request) } };
    if (caller.token) requireScope(caller.token.scopes, 'users', 'read');
    const { user } = caller;
    const answer: Row = { user: { ...shownUser(site, user, url), authenticity_token: formKeyOf(request) } };
    if (
      String((request.query as { include?: string }).include ?? '')
        .split(',')
        .includes('abilities')
    ) {
      const can = user.role === 'admin';
      answer.abilities = [
        {
          url: `${url}/users/${user.id}.json`,
          user_id: Number(user.id),
          can_edit: true,
          can_edit_password: can,
          can_manage_identities_of: can,
          can_verify_identities: can,
        },
      ];
    }
    return answer;
  });
  server.get('/api/v2/users', async (request) => {
    requireRole(requireCaller(site, request, 'users', 'read'), 'agent', 'admin');
    const url = apiUrl(site, request);
    const { role } = request.query as { role?: string };
    const rows = site.org.users
      .values()
      .filter((user) => role === undefined || user.role === role)
      .map((user) => shownUser(site, user, url));
    return listAnswer(request, { name: 'users', rows, url: `${url}/users.json`, shape: (row) => row });
  });
  server.get('/api/v2/users/search', async (request) => {
    requireRole(requireCaller(site, request, 'users', 'read'), 'agent', 'admin');
    const url = apiUrl(site, request);
    const wanted = String((request.query as { query?: string }).query ?? '')
      .replace(/^(email|name):/, '')
      .toLowerCase();
    const rows = site.org.users
      .values()
      .filter((user) => user.email.includes(wanted) || user.name.toLowerCase().includes(wanted))
      .map((user) => shownUser(site, user, url));
    return listAnswer(request, { name: 'users', rows, url: `${url}/users/search.json`, shape: (row) => row });
  });
  server.get<{ Params: { id: string } }>('/api/v2/users/:id', async (request) => {
    requireRole(requireCaller(site, request, 'users', 'read'), 'agent', 'admin');
    const user = site.org.users.values().find((one) => one.id === request.params.id);
    if (!user) throw recordNotFound();
    return { user: shownUser(site, user, apiUrl(site, request)) };
  });
  const roles = [customRole(27_411_800_000_201, 'Administrator', true), customRole(27_411_800_000_202, 'Agent', false)];
  server.get('/api/v2/custom_roles', async (request) => {
    requireRole(requireCaller(site, request, 'users', 'read'), 'agent', 'admin');
    return { custom_roles: roles, next_page: null, previous_page: null, count: roles.length };
  });
  server.get<{ Params: { id: string } }>('/api/v2/custom_roles/:id', async (request) => {
    requireRole(requireCaller(site, request, 'users', 'read'), 'agent', 'admin');
    const role = roles.find((one) => String(one.id) === request.params.id);
    if (!role) throw recordNotFound();
    return { custom_role: role };
  });
}
