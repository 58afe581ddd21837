import type { App } from './types.js';

/** What an administrator of the org (or the vendor) decides; changed by `PATCH /_emulator/:app/:org/policy`. */
export interface Policy {
  /** Life of access tokens issued from now on; null = none (old Zendesk clients). */
  accessTokenTtlSeconds: number | null;
  /** Salesforce sessions slide: use after half of the life extends it. */
  accessTokenSliding: boolean;
  /** Life of refresh tokens issued from now on; null = until revoked. */
  refreshTokenTtlSeconds: number | null;
  /** A refresh token that was not used for so long is dead; null = never. */
  refreshTokenIdleSeconds: number | null;
  /** A refresh answers with a new refresh token and ends the old one. */
  rotation: boolean;
  /** A refresh also ends the access tokens issued before (Zendesk, saas-apis 3.1). */
  refreshEndsAccessTokens: boolean;
  /** A rotated refresh token still works for so long. */
  graceSeconds: number;
  /** What a rotated refresh token does after the grace. */
  reuse: 'kill_family' | 'reject';
  /** 0 = no limit. */
  grantsPerUserAndClient: number;
  codeTtlSeconds: number;
  /** Salesforce: requests a day. Zendesk: requests a minute. */
  requestQuota: number;
  /** Status of a successful token answer (saas-apis 3.1: not established for Zendesk). */
  tokenStatus: number;
  /** Zendesk: how long an `Idempotency-Key` of a ticket is remembered. */
  idempotencyKeySeconds: number;
  /** Salesforce: the caller's address is outside the login IP ranges of the user's profile. */
  ipRestricted: boolean;
  /** Salesforce: it is outside the login hours of the user's profile. */
  outsideLoginHours: boolean;
  /** Salesforce: what an administrator of the org has made of the app. */
  appAccess: 'allowed' | 'blocked' | 'not_found' | 'not_approved';
  /** Added to the wall clock for everything this org does, the Date header included. */
  clockSkewSeconds: number;
}

const APP_ACCESS: readonly unknown[] = ['allowed', 'blocked', 'not_found', 'not_approved'];

const shared = {
  refreshTokenIdleSeconds: null,
  graceSeconds: 0,
  tokenStatus: 200,
  idempotencyKeySeconds: 7_200,
  clockSkewSeconds: 0,
  ipRestricted: false,
  outsideLoginHours: false,
  appAccess: 'allowed' as const,
};

export function defaultPolicy(app: App): Policy {
  return app === 'salesforce'
    ? {
        ...shared,
        accessTokenTtlSeconds: 7_200,
        accessTokenSliding: true,
        refreshTokenTtlSeconds: null,
        rotation: false,
        refreshEndsAccessTokens: false,
        reuse: 'kill_family',
        grantsPerUserAndClient: 5,
        codeTtlSeconds: 900,
        requestQuota: 100_000,
      }
    : {
        ...shared,
        accessTokenTtlSeconds: 1_800,
        accessTokenSliding: false,
        refreshTokenTtlSeconds: 2_592_000,
        rotation: true,
        refreshEndsAccessTokens: true,
        reuse: 'reject',
        grantsPerUserAndClient: 0,
        codeTtlSeconds: 120,
        requestQuota: 700,
      };
}

/** Takes over known keys of the right type; answers what was wrong otherwise. */
export function patchedPolicy(policy: Policy, change: Record<string, unknown>): Policy | string {
  const next: Record<string, unknown> = { ...policy };
  for (const [key, value] of Object.entries(change)) {
    if (!(key in policy)) return `unknown policy: ${key}`;
    const nullable =
      key === 'accessTokenTtlSeconds' || key === 'refreshTokenTtlSeconds' || key === 'refreshTokenIdleSeconds';
    const old = (policy as unknown as Record<string, unknown>)[key];
    const wanted = nullable ? 'number' : typeof old;
    if (!(nullable && value === null) && typeof value !== wanted) return `${key} must be a ${wanted}`;
    if (key === 'reuse' && value !== 'kill_family' && value !== 'reject') return 'reuse must be kill_family or reject';
    if (key === 'appAccess' && !APP_ACCESS.includes(value)) return `appAccess must be one of ${APP_ACCESS.join(', ')}`;
    next[key] = value;
  }
  return next as unknown as Policy;
}
