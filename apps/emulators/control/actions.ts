import type { ObjectRights, Role } from '../core/types.js';
import type { Org } from '../core/org.js';
import { patchedPolicy, type Policy } from '../core/policy.js';
import { endSessions, expireAccessTokens, narrowScopes, revokeUser } from '../oauth/grants.js';
import { changeRights } from '../salesforce/rights.js';
import { ControlError } from './control-error.js';

type Body = Record<string, unknown>;

function requireUser(org: Org, name: unknown): string {
  if (typeof name !== 'string' || !org.users.get(name.toLowerCase()))
    throw new ControlError(404, `no user ${String(name)}`);
  return name.toLowerCase();
}

function optionalUser(org: Org, body: Body): string | undefined {
  return body.username === undefined ? undefined : requireUser(org, body.username);
}

/** A new password ends the sessions and, unless told otherwise, all grants of the user. */
export function changePassword(org: Org, username: string, body: Body): { revokedGrants: number } {
  const name = requireUser(org, username);
  if (typeof body.password !== 'string' || body.password === '') throw new ControlError(400, 'password must be a text');
  const user = org.users.get(name);
  if (user) org.putUser({ ...user, password: body.password });
  endSessions(org, name);
  return { revokedGrants: body.revokeTokens === false ? 0 : revokeUser(org, name, 'password changed') };
}

/** `active: false` freezes the user: tokens stop working, refreshes say "inactive user". */
export function changeUser(org: Org, username: string, body: Body): void {
  const name = requireUser(org, username);
  const user = org.users.get(name);
  if (!user) return;
  const active = typeof body.active === 'boolean' ? body.active : user.active;
  org.users.set(name, { ...user, active, role: roleOf(body.role) ?? user.role });
  if (!active) endSessions(org, name);
}

function roleOf(value: unknown): Role | undefined {
  if (value === undefined) return undefined;
  if (value === 'admin' || value === 'agent' || value === 'end-user') return value;
  throw new ControlError(400, 'role must be admin, agent or end-user');
}

export function revoke(org: Org, body: Body): { revokedGrants: number } {
  return { revokedGrants: revokeUser(org, optionalUser(org, body), 'revoked by an administrator') };
}

/** A sandbox refresh: another organization at the same address, with the same people and record ids; every grant and session is gone. */
export function refreshSandbox(org: Org): { revokedGrants: number } {
  if (org.app !== 'salesforce' || org.name === 'production')
    throw new ControlError(400, 'only a Salesforce sandbox can be refreshed');
  const revokedGrants = revokeUser(org, undefined, 'sandbox refreshed');
  endSessions(org, undefined);
  org.saveSetting('refreshes', org.setting<number>('refreshes', 0) + 1);
  return { revokedGrants };
}

export function expire(org: Org, body: Body): { expired: number } {
  return { expired: expireAccessTokens(org, optionalUser(org, body)) };
}

export function changePolicy(org: Org, body: Body): Policy {
  const next = patchedPolicy(org.policy, body);
  if (typeof next === 'string') throw new ControlError(400, next);
  org.policy = next;
  return next;
}

export function changeScopes(org: Org, body: Body): { grants: number } {
  const name = requireUser(org, body.username);
  if (!Array.isArray(body.scopes)) throw new ControlError(400, 'scopes must be a list');
  return { grants: narrowScopes(org, name, body.scopes.map(String)) };
}

export function changeRightsOf(org: Org, body: Body): { rights: Record<string, ObjectRights>; role: Role } {
  const username = requireUser(org, body.username);
  const flags: Partial<Record<'read' | 'create' | 'edit' | 'delete', boolean>> = {};
  for (const name of ['read', 'create', 'edit', 'delete'] as const) {
    const value = body[name];
    if (value !== undefined && typeof value !== 'boolean') throw new ControlError(400, `${name} must be true or false`);
    if (typeof value === 'boolean') flags[name] = value;
  }
  if (org.app === 'salesforce') {
    const field = typeof body.field === 'string' ? { field: body.field } : {};
    const problem = changeRights(org, { username, object: String(body.object), ...field, ...flags });
    if (problem) throw new ControlError(400, problem);
  } else changeZendeskRights(org, username, body, flags);
  const user = org.users.get(username);
  return { rights: user?.rights ?? {}, role: user?.role ?? 'end-user' };
}

function changeZendeskRights(org: Org, username: string, body: Body, flags: Partial<ObjectRights>): void {
  const user = org.users.get(username);
  if (!user) return;
  const role = roleOf(body.role) ?? user.role;
  // A new role brings its own rights; what was set by hand before goes.
  const rights = body.role === undefined ? { ...user.rights } : {};
  if (body.object !== undefined) {
    if (body.object !== 'organizations') throw new ControlError(400, 'object must be organizations');
    const admin = role === 'admin';
    const old = rights.organizations ?? { read: true, create: admin, edit: true, delete: admin, fields: {} };
    rights.organizations = { ...old, ...flags };
  }
  org.users.set(username, { ...user, role, rights });
}
