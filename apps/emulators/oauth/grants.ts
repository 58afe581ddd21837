import type { Org } from '../core/org.js';
import type { AccessToken, Grant, RefreshToken } from '../core/types.js';
import { randomHex } from '../core/random-text.js';

/** The rules of grants and tokens that all apps share; what differs per vendor is in the org's policy. */

export interface Issued {
  grant: Grant;
  access: AccessToken;
  refresh: RefreshToken | null;
}

export interface GrantWish {
  clientId: string;
  username: string;
  scopes: string[];
  withRefresh: boolean;
  accessTtlSeconds?: number | undefined;
  refreshTtlSeconds?: number | undefined;
}

export function createGrant(org: Org, wish: GrantWish): Issued {
  const grant: Grant = {
    id: randomHex(24),
    clientId: wish.clientId,
    username: wish.username,
    scopes: wish.scopes,
    createdAt: org.now(),
    accessTokens: [],
    refreshTokens: [],
    accessTtlSeconds: wish.accessTtlSeconds ?? null,
    refreshTtlSeconds: wish.refreshTtlSeconds ?? null,
    revoked: null,
  };
  if (wish.withRefresh) endOldestGrants(org, wish.clientId, wish.username);
  const access = issueAccessToken(org, grant);
  const refresh = wish.withRefresh ? issueRefreshToken(org, grant) : null;
  return { grant, access, refresh };
}

/** A Salesforce user may approve an app five times; the sixth approval silently ends the oldest (saas-apis 2.2). */
function endOldestGrants(org: Org, clientId: string, username: string): void {
  const limit = org.policy.grantsPerUserAndClient;
  if (limit <= 0) return;
  const live = org.grants
    .values()
    .filter(
      (grant) =>
        !grant.revoked && grant.clientId === clientId && grant.username === username && grant.refreshTokens.length > 0,
    );
  for (const grant of live.slice(0, Math.max(0, live.length - limit + 1)))
    revokeGrant(org, grant, 'pushed out by a newer approval');
}

export function issueAccessToken(org: Org, grant: Grant): AccessToken {
  const ttlSeconds = grant.accessTtlSeconds ?? org.policy.accessTokenTtlSeconds;
  const access = putAccessToken(org, {
    grantId: grant.id,
    clientId: grant.clientId,
    username: grant.username,
    scopes: grant.scopes,
    ttlSeconds,
  });
  const now = org.now();
  const live = grant.accessTokens.filter((token) => {
    const row = org.accessTokens.get(token);
    return row !== undefined && !row.dead && (row.expiresAt === null || row.expiresAt > now);
  });
  grant.accessTokens = [...live, access.token];
  org.grants.set(grant.id, grant);
  return access;
}

export function putAccessToken(
  org: Org,
  wish: Pick<AccessToken, 'grantId' | 'clientId' | 'username' | 'scopes' | 'ttlSeconds'>,
): AccessToken {
  const token = org.tokenShapes.access();
  org.secrets.add(token);
  const issuedAt = org.now();
  const expiresAt = wish.ttlSeconds === null ? null : issuedAt + wish.ttlSeconds * 1_000;
  const id = 10_000_000_000_000 + org.nextNumber('token') * 7;
  return org.accessTokens.set(token, { ...wish, token, id, issuedAt, expiresAt, usedAt: null, dead: null });
}

function issueRefreshToken(org: Org, grant: Grant): RefreshToken {
  const token = org.tokenShapes.refresh();
  org.secrets.add(token);
  const issuedAt = org.now();
  const ttl = grant.refreshTtlSeconds ?? org.policy.refreshTokenTtlSeconds;
  const row = org.refreshTokens.set(token, {
    token,
    grantId: grant.id,
    clientId: grant.clientId,
    issuedAt,
    expiresAt: ttl === null ? null : issuedAt + ttl * 1_000,
    rotatedAt: null,
    usedAt: null,
    dead: null,
  });
  grant.refreshTokens = [...grant.refreshTokens, token];
  org.grants.set(grant.id, grant);
  return row;
}

export type RefreshFailure = 'unknown' | 'dead' | 'expired' | 'reused' | 'inactive_user';

export interface LifeWish {
  accessTtlSeconds?: number | undefined;
  refreshTtlSeconds?: number | undefined;
}

export function refreshGrant(org: Org, token: string, clientId: string, wish: LifeWish = {}): Issued | RefreshFailure {
  const row = org.refreshTokens.get(token);
  if (!row || row.clientId !== clientId) return 'unknown';
  const grant = org.grants.get(row.grantId);
  if (!grant) return 'unknown';
  const policy = org.policy;
  const now = org.now();
  if (row.rotatedAt !== null && now - row.rotatedAt >= policy.graceSeconds * 1_000) {
    if (policy.reuse === 'kill_family' && !grant.revoked) revokeGrant(org, grant, 'a rotated refresh token came back');
    return 'reused';
  }
  if (row.dead || grant.revoked) return 'dead';
  const idle = policy.refreshTokenIdleSeconds;
  if (row.expiresAt !== null && row.expiresAt <= now) return 'expired';
  if (idle !== null && now - (row.usedAt ?? row.issuedAt) >= idle * 1_000) return 'expired';
  if (org.users.get(grant.username)?.active !== true) return 'inactive_user';
  if (wish.accessTtlSeconds !== undefined) grant.accessTtlSeconds = wish.accessTtlSeconds;
  if (wish.refreshTtlSeconds !== undefined) grant.refreshTtlSeconds = wish.refreshTtlSeconds;
  if (policy.refreshEndsAccessTokens) endAccessTokens(org, grant, 'ended by a refresh');
  const access = issueAccessToken(org, grant);
  if (!policy.rotation) {
    org.refreshTokens.set(token, { ...row, usedAt: now });
    return { grant, access, refresh: null };
  }
  if (row.rotatedAt === null) org.refreshTokens.set(token, { ...row, rotatedAt: now });
  grant.refreshTokens = grant.refreshTokens.filter((one) => one !== token);
  return { grant, access, refresh: issueRefreshToken(org, grant) };
}

export function endAccessTokens(org: Org, grant: Grant, why: string): void {
  for (const token of grant.accessTokens) endAccessToken(org, token, why);
  grant.accessTokens = [];
  org.grants.set(grant.id, grant);
}

export function endAccessToken(org: Org, token: string, why: string): void {
  const row = org.accessTokens.get(token);
  if (row && !row.dead) org.accessTokens.set(token, { ...row, dead: why });
}

/** Ends the whole family: every access and refresh token of the grant. */
export function revokeGrant(org: Org, grant: Grant, why: string): void {
  for (const token of grant.refreshTokens) {
    const row = org.refreshTokens.get(token);
    if (row && !row.dead) org.refreshTokens.set(token, { ...row, dead: why });
  }
  endAccessTokens(org, grant, why);
  org.grants.set(grant.id, { ...grant, accessTokens: [], refreshTokens: [], revoked: why });
}

/** The token's row while it works; use may extend a sliding one. */
export function liveAccessToken(org: Org, token: string): AccessToken | undefined {
  const row = org.accessTokens.get(token);
  const now = org.now();
  if (!row || row.dead || (row.expiresAt !== null && row.expiresAt <= now)) return undefined;
  if (org.users.get(row.username)?.active !== true) return undefined;
  if (!org.policy.accessTokenSliding || row.expiresAt === null || row.ttlSeconds === null) return row;
  // Salesforce notes activity only after half of the session's life (help: "Session Timeout").
  const life = row.ttlSeconds * 1_000;
  if (row.expiresAt - now > life / 2) return row;
  return org.accessTokens.set(token, { ...row, expiresAt: now + life });
}

function ofUser<T extends { username: string }>(rows: T[], username: string | undefined): T[] {
  return username === undefined ? rows : rows.filter((row) => row.username === username);
}

export function revokeUser(org: Org, username: string | undefined, why: string): number {
  const grants = ofUser(org.grants.values(), username).filter((grant) => !grant.revoked);
  for (const grant of grants) revokeGrant(org, grant, why);
  for (const row of ofUser(org.accessTokens.values(), username)) if (!row.dead) endAccessToken(org, row.token, why);
  return grants.length;
}

export function endSessions(org: Org, username: string | undefined): void {
  for (const session of ofUser(org.sessions.values(), username)) org.sessions.delete(session.cookie);
}

/** Ends access tokens now; refresh tokens live on. */
export function expireAccessTokens(org: Org, username: string | undefined): number {
  const now = org.now();
  const live = ofUser(org.accessTokens.values(), username).filter(
    (row) => !row.dead && (row.expiresAt === null || row.expiresAt > now),
  );
  for (const row of live) org.accessTokens.set(row.token, { ...row, expiresAt: now - 1 });
  return live.length;
}

export function narrowScopes(org: Org, username: string, scopes: string[]): number {
  const grants = ofUser(org.grants.values(), username).filter((grant) => !grant.revoked);
  for (const grant of grants) {
    org.grants.set(grant.id, { ...grant, scopes });
    for (const token of grant.accessTokens) {
      const row = org.accessTokens.get(token);
      if (row) org.accessTokens.set(token, { ...row, scopes });
    }
  }
  return grants.length;
}
